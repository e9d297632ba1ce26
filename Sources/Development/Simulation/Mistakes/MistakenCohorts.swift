internal import DaprClient
internal import JSON

/// How planted mistakes change standings and batches as they are read and written.
struct MistakenCohorts: Sendable {
  let mistake: Mistake

  /// What a replica sees of a stored value; a chunk that is being processed is read alone.
  func read(_ bytes: [UInt8], at key: String, isAlone: Bool) -> [UInt8] {
    switch mistake {
    case .standingWithoutVersion where key.contains(":standing:"): return DocumentEdit.replacing(bytes, at: ["students"], Self.unversioned)
    case .chunkCountedTwice where isAlone && key.contains(":chunk:"): return DocumentEdit.replacing(bytes, at: ["outcomes"]) { _ in nil }
    default: return bytes
    }
  }

  /// The value that is written, given the one that was read before.
  func written(_ bytes: [UInt8], at key: String, before: [UInt8]?) -> [UInt8] {
    guard mistake == .chunkCountedTwice, key.contains(":chunk:"), let before else { return bytes }
    return ["students", "outcomes"].reduce(bytes) { bytes, name in
      guard Self.elements(of: "outcomes", in: before) != nil, let known = Self.elements(of: name, in: before) else { return bytes }
      return DocumentEdit.replacing(bytes, at: [name]) { list in
        Self.array(known + list.elements.map { $0.compactBytes })
      }
    }
  }

  /// The school, student, epoch, revision, time, score, level, four components and cohort; the cohorts that the student has left follow.
  private static let partsWithoutFormer = 12

  /// A standings message without the cohorts that its students have left.
  static func withoutFormer(_ event: OutgoingEvent) -> OutgoingEvent {
    var event = event
    event.body = DocumentEdit.replacing(event.body, at: ["data", "updates"]) { updates in
      array(updates.elements.map { array($0.elements.prefix(partsWithoutFormer).map { $0.compactBytes }) })
    }
    return event
  }

  private static func unversioned(_ students: JSONValue) -> [UInt8] {
    JSONWriter.object { json in
      for (name, entry) in students.members {
        json.member(name, raw: array(["0", "0"].map { Array($0.utf8) } + entry.elements.dropFirst(2).map { $0.compactBytes }))
      }
    }
  }

  private static func elements(of name: String, in bytes: [UInt8]) -> [[UInt8]]? {
    let read = try? JSONDocument.parse(bytes) { (root) throws(Never) in
      root[named: name].map { $0.elements.map { $0.compactBytes } }
    }
    return read ?? nil
  }

  private static func array(_ elements: [[UInt8]]) -> [UInt8] {
    JSONWriter.array { json in for element in elements { json.raw(element) } }
  }
}
