import DevSidecar
import Foundation
import HTTPClient
import JSON
import Testing

/// What stores keep of values, and what encrypted ones return: bodies are compared byte by byte.
@Suite("Recorded values")
struct RecordedValueTests {
  /// What differs from recording to recording: ETags, expiry times and ciphertext.
  private static func lasting(_ body: String) -> [String] {
    if let end = body.wholeMatch(of: /[A-Za-z0-9+\/=]{16,}\|\|([\w-]+)/) { return ["ciphertext||\(end.1)"] }
    guard body.hasPrefix(#"[{"key":"#) else { return [body] }
    let bytes = Array(body.utf8)
    let entries = bytes.withUnsafeBytes { buffer in
      JSONExtent.elements(in: buffer, 0..<buffer.count).map { String(decoding: buffer[$0], as: UTF8.self) }
    }
    // The order is the store's own, which PostgreSQL does not guarantee.
    return entries.map { entry in
      // By Foundation: Swift's own expressions take seconds for a document of 900 kB in a debug build.
      [(#","etag":"[^"]*""#, #","etag""#), (#","metadata":\{"ttlExpireTime":"[^"]*"\}"#, "")].reduce(entry) { entry, pair in
        entry.replacingOccurrences(of: pair.0, with: pair.1, options: .regularExpression)
      }
    }.sorted() + [body.hasSuffix("]\n") ? "ended" : "not ended"]
  }

  /// The recording's ETags, and their current counterparts.
  private struct Translation {
    var etags: [(recorded: String, live: String)] = []

    func callAsFunction(_ text: String) -> String {
      // No large document has an ETag.
      guard text.utf8.count < 100_000 else { return text }
      let lasting = text.replacingOccurrences(of: #""ttlInSeconds":"2""#, with: #""ttlInSeconds":"600""#)
      return etags.reduce(lasting) { $0.replacingOccurrences(of: $1.recorded, with: $1.live) }
    }
  }

  private static func replay(_ area: String, _ rig: Rig, _ translation: inout Translation) async throws -> Int {
    let cases = try RecordedExchange.load("state-values.jsonl", of: "DevSidecarTests", area: "\(area)/").filter { exchange in
      // Lifetimes that must end are tested with time passed in.
      !exchange.name.hasSuffix("ttl-expired")
    }
    for exchange in cases {
      let headers = exchange.headers.map { (name: $0.name, value: translation($0.value)) }
      let name = exchange.name
      let answer: HTTPAnswer
      do {
        answer = try await rig.call(exchange.method, translation(exchange.target), exchange.body.map { translation($0) }, headers: headers)
      } catch is HTTPClientFailure {
        #expect(exchange.status == 0, "\(name): no answer")
        continue
      }
      #expect(answer.status == exchange.status, "\(name)")
      #expect((answer.header("etag") == nil) == (exchange.answerHeaders["etag"] == nil), "\(name)")
      let type = exchange.answerHeaders["content-type"]?.split(separator: ";").first
      #expect(answer.header("content-type")?.split(separator: ";").first == type, "\(name)")
      if exchange.status >= 400 {
        #expect(code(answer.text) == code(exchange.answer), "\(name)")
      } else {
        #expect(lasting(answer.text) == lasting(exchange.answer), "\(name)")
      }
      if let recorded = exchange.answerHeaders["etag"], let live = answer.header("etag"), recorded.count > 3 {
        translation.etags.append((recorded, live))
      }
    }
    return cases.count
  }

  private static func code(_ text: String) -> String? {
    ((try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any])?["errorCode"] as? String
  }

  static let one = "000102030405060708090a0b0c0d0e0f"
  static let two = "101112131415161718191a1b1c1d1e1f2021222324252627"
  static let other = "202122232425262728292a2b2c2d2e2f3031323334353637"

  /// The files of a store whose keys are these secrets, the primary first.
  static func files(_ keys: [String], two: String = two) -> [String: String] {
    let metadata = zip(["primary", "secondary"], keys).map { rank, secret in
      "    - name: \(rank)EncryptionKey\n      secretKeyRef: {name: \(secret), key: \(secret)}\n"
    }
    let store = """
      kind: Component
      metadata: {name: statestore}
      auth: {secretStore: secretstore}
      spec:
        type: state.in-memory
        metadata:

      """
    return [
      "state.yaml": store + metadata.joined(), "secrets.json": #"{"key-one": "\#(one)", "key-two": "\#(two)"}"#,
    ]
  }

  @Test("A plain store keeps each kind of value as recorded", arguments: DevSidecarSettings.Profile.allCases)
  func clear(_ profile: DevSidecarSettings.Profile) async throws {
    let rig = try await Rig { $0.profile = profile }
    var translation = Translation()
    #expect(try await Self.replay("state-\(profile.rawValue)-string", rig, &translation) == 129)
    await rig.stop()
  }

  @Test("An encrypted store returns each kind of value as recorded", arguments: DevSidecarSettings.Profile.allCases)
  func encrypted(_ profile: DevSidecarSettings.Profile) async throws {
    let rig = try await Rig(files: Self.files(["key-one"])) { $0.profile = profile }
    var translation = Translation()
    #expect(try await Self.replay("state-\(profile.rawValue)-encrypted", rig, &translation) == 130)
    await rig.stop()
  }

  @Test("Values survive key changes as recorded", arguments: [DevSidecarSettings.Profile.sqlite, .redis, .postgres])
  func keys(_ profile: DevSidecarSettings.Profile) async throws {
    let data = try Rig.folder()
    let steps = [
      ("plain", Self.files([]), 6), ("first", Self.files(["key-one"]), 21), ("rotated", Self.files(["key-two", "key-one"]), 13),
      ("gone", Self.files(["key-two"]), 10), ("wrong", Self.files(["key-two"], two: Self.other), 5), ("off", Self.files([]), 3),
    ]
    var translation = Translation()
    for (step, files, count) in steps {
      let rig = try await Rig(files: files) { settings in
        settings.profile = profile
        settings.data = data
      }
      #expect(try await Self.replay("state-\(profile.rawValue)-keys-\(step)", rig, &translation) == count)
      await rig.stop()
    }
  }
}
