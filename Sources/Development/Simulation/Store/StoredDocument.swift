internal import JSON
internal import NaiveMastery

/// A stored document as plain values, read without the service's own reader.
struct StoredDocument: Sendable {
  /// One entry of the evidence.
  struct Item: Sendable {
    /// Its day; nil in the baseline.
    let day: Int?
    let component: String
    let milliseconds: Int64
    let event: String
    let score: Double
    let source: String?
    /// Minutes that the student's clocks were ahead of UTC.
    let minutesAhead: Int
  }

  /// The cohort, and the event that named it.
  struct Membership: Sendable {
    let cohort: String
    let milliseconds: Int64
    let event: String
  }

  /// A statement on consent.
  struct Consent: Hashable, Sendable {
    let isGranted: Bool
    let recordedAt: Int64
  }

  let epoch: Int64
  let revision: Int64
  let cutoff: Int
  let items: [Item]
  let membership: Membership?
  /// The evidence's text.
  let evidence: [UInt8]

  /// The statement on consent; nil if there is none.
  let consent: Consent?
  /// Who made it; an erasure removes the author, but not the statement.
  let consentBy: String?
  /// The time up to which events belong to an erased life; nil if nothing was erased.
  let erasedAt: Int64?
  /// Whether an erasure still has data to clean.
  let isErasing: Bool

  /// Whether it holds only an erasure, and perhaps a statement on consent.
  var isTombstone: Bool { erasedAt != nil && revision == 0 }

  /// Whether its life began with an erasure that could not read the document.
  ///
  /// Such an erasure allows for a life that began up to a day after the time up to which it forgets.
  var replacesDamaged: Bool {
    guard let erasedAt else { return false }
    return epoch == (erasedAt + 86_400_000) / 1_000 + 2
  }

  /// Whether an event with that time must be dropped.
  func forgets(_ milliseconds: Int64) -> Bool { consent?.isGranted == false || erasedAt.map { milliseconds <= $0 } ?? false }

  /// Reads a document; nil if it is not one.
  init?(_ bytes: [UInt8]) {
    let read = try? JSONDocument.parse(bytes) { (root) throws(JSONInvalid) in
      guard let evidence = root["evidence"], let cutoff = evidence["cut"]?.integer, let epoch = root["ledger"]?["epoch"]?.integer,
        let revision = root["ledger"]?["revision"]?.integer
      else { throw JSONInvalid(field: "document", value: nil, constraint: "must be complete") }
      var items: [Item] = []
      for (name, item) in evidence["baseline"]?.members ?? root.members { items.append(Item(item, of: name.string, on: nil)) }
      for day in evidence["days"]?.elements ?? root.elements {
        var parts = day.elements
        let number = parts.next()?.integer.map { Int($0) }
        for (name, item) in parts.next()?.members ?? root.members { items.append(Item(item, of: name.string, on: number)) }
      }
      let ledger = root["ledger"]
      return (
        Int(cutoff), epoch, revision, items, evidence["cohort"].map(Membership.init), DocumentEdit.text(of: evidence),
        ledger?["consent"].map(Consent.init), ledger?["consent"]?["recorded_by"]?.string, ledger?["erased_at"]?.integer,
        ledger?["erasing"] != nil
      )
    }
    guard let read else { return nil }
    (cutoff, epoch, revision, items, membership, evidence, consent, consentBy, erasedAt, isErasing) = read
  }

  /// A naive student with only this evidence.
  var student: NaiveStudent {
    NaiveStudent(
      events: items.map {
        NaiveEvent(
          id: $0.event, milliseconds: $0.milliseconds, minutesAhead: $0.minutesAhead, student: "",
          parts: [$0.component: ["score": .number($0.score)]], source: $0.source)
      }, cutoff: cutoff)
  }
}

extension StoredDocument.Item {
  fileprivate init(_ value: JSONValue, of component: String, on day: Int?) {
    var parts = value.elements
    self.day = day
    self.component = component
    milliseconds = parts.next()?.integer ?? .min
    event = parts.next()?.string ?? ""
    score = parts.next()?.number ?? .nan
    source = parts.next()?.string
    minutesAhead = parts.next()?.integer.map { Int($0) } ?? 0
  }
}

extension StoredDocument.Consent {
  fileprivate init(_ value: JSONValue) {
    isGranted = value["granted"]?.boolean ?? true
    recordedAt = value["recorded_at"]?.integer ?? .min
  }
}

extension StoredDocument.Membership {
  fileprivate init(_ value: JSONValue) {
    var parts = value.elements
    cohort = parts.next()?.string ?? ""
    milliseconds = parts.next()?.integer ?? .min
    event = parts.next()?.string ?? ""
  }
}
