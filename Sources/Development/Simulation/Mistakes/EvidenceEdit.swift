internal import JSON
internal import NaiveMastery

/// Replaces items of stored evidence, for planted mistakes.
enum EvidenceEdit {
  /// Where an item stands.
  struct Spot: Hashable {
    let place: NaivePlace
    let component: String
    /// Its day; nil in the baseline.
    let day: Int64?
  }

  /// Replaces the items of a document.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - change: Returns an item's new text; nil removes it, and what is left empty by that.
  /// - Returns: The changed document, or the same one if it has no evidence.
  static func replacing(_ bytes: [UInt8], _ change: (Spot, JSONValue) -> [UInt8]?) -> [UInt8] {
    DocumentEdit.replacing(bytes, at: ["evidence"]) { evidence in
      JSONWriter.object { json in
        for (name, member) in evidence.members {
          switch name {
          case "baseline", "days": write(name.string, member, NaivePlace(), change, to: &json)
          case "topics":
            json.array("topics") { json in
              for topic in member.elements { write(topic, change, to: &json) }
            }
          default: json.member(name, member)
          }
        }
      }
    }
  }

  /// Visits the items of a document.
  static func forEach(in bytes: [UInt8], _ visit: (Spot, JSONValue) -> Void) {
    _ = replacing(bytes) { spot, item in
      visit(spot, item)
      return item.compactBytes
    }
  }

  /// The element of an item at an index.
  static func element(_ index: Int, of item: JSONValue) -> JSONValue? {
    var parts = item.elements.dropFirst(index).makeIterator()
    return parts.next()
  }

  private static func write(_ topic: JSONValue, _ change: (Spot, JSONValue) -> [UInt8]?, to json: inout JSONWriter) {
    let place = NaivePlace(course: topic["course"]?.string, topic: topic["topic"]?.string)
    var isEmpty = true
    let kept = JSONWriter.object { json in
      for (name, member) in topic.members {
        guard name.matches("baseline") || name.matches("days") else {
          json.member(name, member)
          continue
        }
        write(
          name.string, member, place,
          { spot, item in
            let text = change(spot, item)
            if text != nil { isEmpty = false }
            return text
          }, to: &json)
      }
    }
    if !isEmpty { json.raw(kept) }
  }

  private static func write(
    _ name: String, _ value: JSONValue, _ place: NaivePlace, _ change: (Spot, JSONValue) -> [UInt8]?, to json: inout JSONWriter
  ) {
    guard name == "days" else {
      return json.object("baseline") { json in
        for (component, items) in value.members {
          let spot = Spot(place: place, component: component.string, day: nil)
          let kept = items.elements.compactMap { change(spot, $0) }
          if !kept.isEmpty { json.member(component) { $0.array { json in for item in kept { json.raw(item) } } } }
        }
      }
    }
    json.array("days") { json in
      for day in value.elements {
        let number = element(0, of: day)?.integer ?? 0
        let kept = (element(1, of: day)?.members ?? day.members).compactMap { component, item in
          change(Spot(place: place, component: component.string, day: number), item).map { (component, $0) }
        }
        guard !kept.isEmpty else { continue }
        json.array { json in
          json.integer(number)
          json.object { json in for (component, item) in kept { json.member(component, raw: item) } }
        }
      }
    }
  }
}
