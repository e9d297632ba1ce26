import Testing

@testable import MasteryService

@Suite("Intents in the documents")
struct IntentDocumentTests {
  /// How one intent is requested.
  private struct Row: Hashable {
    let request: String
    let name: String
    let perMinute: String
  }

  private static let intents = IntentTable.standard.all.map { intent -> Row in
    let declaration = intent.declaration
    return Row(request: "\(declaration.method) \(declaration.path)", name: declaration.name, perMinute: "\(declaration.perMinute)")
  }

  /// The meaning of the contract's words for roles.
  private static func audience(_ roles: String) -> AccessPolicy? {
    // Nobody but staff can have asked for a batch.
    if roles == "who asked for the batch, and admins" { return .staff }
    return switch roles.prefix(while: { $0.isLetter }) {
    case "concerned": .concerned
    case "staff": .staff
    case "personal": .personal
    case "admins": .admins
    default: nil
    }
  }

  @Test("The README's table has every intent once, with its method, path and limit per minute, and no other")
  func readme() throws {
    let rows = try #require(try Document("README.md").table("| request | intent | a minute | what comes back |"))
    let written = rows.map { Row(request: Document.code($0[0])[0], name: Document.code($0[1])[0], perMinute: $0[2]) }
    #expect(Set(written).subtracting(Self.intents).isEmpty)
    #expect(Set(Self.intents).subtracting(written).isEmpty)
    #expect(written.count == Self.intents.count)
    #expect(rows.allSatisfy { $0.count == 4 && !$0[3].isEmpty })
  }

  @Test("The contract's table has every intent once too, with its roles, and each further path leads to the same intent")
  func contract() throws {
    let rows = try #require(try Document("\(Document.articles)/Contract.md").table("| route | intent | roles | per minute |"))
    let named = rows.filter { $0[1].hasPrefix("`") }
    let written = named.map { Row(request: Document.code($0[0])[0], name: Document.code($0[1])[0], perMinute: $0[3]) }
    #expect(Set(written).subtracting(Self.intents).isEmpty)
    #expect(Set(Self.intents).subtracting(written).isEmpty)
    #expect(written.count == Self.intents.count)
    var others = 0
    for (row, intent) in zip(named, written) {
      let audience = IntentTable.standard.intent(named: intent.name)?.declaration.audience
      #expect(audience == Self.audience(row[2]), "\(intent.name) is for: \(row[2])")
      let method = intent.request.prefix { $0 != " " }
      for path in Document.code(row[0]).dropFirst() {
        others += 1
        let found = IntentTable.standard.path(path[...])?.intent(by: String(method)).map { $0.declaration.name }
        #expect(found == intent.name, "\(path)")
      }
    }
    #expect(others == 2)
  }
}
