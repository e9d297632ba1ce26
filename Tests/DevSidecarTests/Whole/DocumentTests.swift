import DevSidecar
import Encodings
import Foundation
import HTTPClient
import Testing

@testable import DevSidecar

/// Documents that are saved as strings with their text.
@Suite("Documents saved as strings")
struct DocumentTests {
  private static func string(_ text: String) throws -> String {
    String(
      decoding: try JSONSerialization.data(withJSONObject: text, options: [.fragmentsAllowed, .withoutEscapingSlashes]), as: UTF8.self)
  }

  @Test(
    "200 random documents come back byte for byte from every store, plain and encrypted", arguments: DevSidecarSettings.Profile.allCases,
    [false, true])
  func roundTrip(_ profile: DevSidecarSettings.Profile, isEncrypted: Bool) async throws {
    let rig = try await Rig(files: isEncrypted ? RecordedValueTests.files(["key-one"]) : [:]) { $0.profile = profile }
    var dice = RandomBits(seed: 200)
    let documents = (0..<200).map { _ in RandomDocument(&dice).text }
    let items = try documents.enumerated().map { #"{"key":"d\#($0.offset)","value":\#(try Self.string($0.element))}"# }
    let saved = try await rig.call("POST", "/v1.0/state/statestore", "[\(items[..<100].joined(separator: ","))]")
    #expect(saved.status == 204)
    let operations = items[100...].map { #"{"operation":"upsert","request":\#($0)}"# }
    let transacted = try await rig.call(
      "POST", "/v1.0/state/statestore/transaction", #"{"operations":[\#(operations.joined(separator: ","))]}"#)
    #expect(transacted.status == 204)

    for (number, document) in documents.enumerated() {
      let text = try await rig.call("GET", "/v1.0/state/statestore/d\(number)").text
      #expect(try isEncrypted ? text == document : Self.decoded(text) == document)
    }
    let keys = documents.indices.map { "\"d\($0)\"" }.joined(separator: ",")
    let bulk = try await rig.call("POST", "/v1.0/state/statestore/bulk", #"{"keys":[\#(keys)]}"#).text
    for (number, document) in documents.enumerated() {
      if isEncrypted {
        #expect(bulk.contains(#"{"key":"d\#(number)","data":\#(document),"etag":"#))
      } else {
        let start = try #require(bulk.firstRange(of: #"{"key":"d\#(number)","data":"#)).upperBound
        let end = try #require(bulk[start...].firstRange(of: #","etag":""#)).lowerBound
        #expect(try Self.decoded(String(bulk[start..<end])) == document)
      }
    }
    await rig.stop()
  }

  private static func decoded(_ text: String) throws -> String? {
    try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? String
  }

  @Test(
    "SQLite stores encrypted values in base64 once more, and the other stores do not",
    arguments: [DevSidecarSettings.Profile.sqlite, .redis])
  func atRest(_ profile: DevSidecarSettings.Profile) async throws {
    let data = try Rig.folder()
    let rig = try await Rig(files: RecordedValueTests.files(["key-one"])) { settings in
      settings.profile = profile
      settings.data = data
    }
    #expect(try await rig.call("POST", "/v1.0/state/statestore", #"[{"key":"k","value":"{\"x\":1}"}]"#).status == 204)
    await rig.stop()
    let select = try Database(path: "\(data)/state.sqlite").prepare("SELECT value FROM state WHERE key = 'mastery-engine||k'")
    #expect(try select.step())
    let stored = select.bytes(0)
    let sealed = profile == .sqlite ? try #require(Base64.decode(stored)) : stored
    #expect(String(decoding: sealed, as: UTF8.self).wholeMatch(of: /[A-Za-z0-9+\/=]+\|\|key-one/) != nil)
  }

  @Test("Without its secret store a state store is missing, and the sidecar says so")
  func leftOut() async throws {
    let files = RecordedValueTests.files(["key-one"]).mapValues {
      $0.replacingOccurrences(of: "secretStore: secretstore", with: "secretStore: kubernetes")
    }
    let rig = try await Rig(files: files)
    for (method, path) in [("GET", "/k"), ("POST", ""), ("POST", "/bulk"), ("POST", "/transaction"), ("DELETE", "/k")] {
      let answer = try await rig.call(method, "/v1.0/state/statestore\(path)", method == "POST" ? "[]" : nil)
      #expect(answer.status == 500)
      #expect(answer.text.contains(#""errorCode":"ERR_STATE_STORE_NOT_CONFIGURED""#))
    }
    #expect(rig.sidecar.notes.count == 1)
    #expect(rig.sidecar.notes.first?.contains("there is no secret store kubernetes") == true)
    await rig.stop()
  }
}
