import Foundation
import HTTPServer
import Simulation
import Testing

@Suite("Callbacks recorded from a real sidecar")
struct RecordedCallbackTests {
  struct Callback: Decodable, Sendable, CustomTestStringConvertible {
    struct Request: Decodable, Sendable {
      var target: String
      var headers: [[String]]
      var body: String
      var encoding: String
    }

    var `case`: String
    var request: Request

    var testDescription: String { `case` }
    var bytes: [UInt8] {
      request.encoding == "base64" ? [UInt8](Data(base64Encoded: request.body) ?? Data()) : Array(request.body.utf8)
    }

    static let all: [Callback] = {
      let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      let file = tests.appending(path: "DaprClientTests/Recordings/sidecar-to-app.jsonl")
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      let callbacks = text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Callback.self, from: Data($0.utf8)) }
      return callbacks.filter { $0.request.target.hasPrefix("/events/") }
    }()
  }

  /// An hour after the recording.
  static let recordedHour: Int64 = 1_795_248_000_000

  @Test("There are 200 recorded callbacks")
  func recordings() {
    #expect(Callback.all.count == 200)
  }

  @Test("A recorded callback gets a status for each entry, and whatever is not an event goes to the dead letters", arguments: Callback.all)
  func answered(_ callback: Callback) async throws {
    let stand = Stand(at: Self.recordedHour)
    let headers = callback.request.headers.map { HTTPField($0[0], $0[1]) }
    let statuses = await stand.deliver(callback.bytes, headers: headers)

    let body = try? JSONSerialization.jsonObject(with: Data(callback.bytes)) as? [String: Any]
    let entries = body?["entries"] as? [[String: Any]]
    let names = entries.map { $0.compactMap { $0["entryId"] as? String } } ?? [""]
    #expect(Set(statuses.keys) == Set(names))
    #expect(statuses.values.allSatisfy { $0 == "SUCCESS" })

    let events: [Any?] = entries.map { $0.map { $0["event"] } } ?? [body]
    let good = events.filter(Self.isExercise).count
    #expect(stand.sidecar.published(to: "mastery.dlq").count == events.count - good)
    #expect(good == 0 || !stand.sidecar.published(to: "mastery.results").isEmpty)
  }

  /// Whether an exercise event is somewhere inside, found independently: through all envelopes, whatever they are.
  private static func isExercise(_ value: Any?) -> Bool {
    switch value {
    case let object as [String: Any]:
      if object["event_type"] as? String == "exercise.completed" { return (object["data"] as? [String: Any])?["total_exercises"] != nil }
      return isExercise(object["data"]) || isExercise(object["data_base64"])
    case let text as String:
      if let json = try? JSONSerialization.jsonObject(with: Data(text.utf8)) { return isExercise(json) }
      return Data(base64Encoded: text).flatMap { try? JSONSerialization.jsonObject(with: $0) }.map(isExercise) ?? false
    default: return false
    }
  }
}
