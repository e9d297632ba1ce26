import DevSidecar
import HTTPServer
import Synchronization

/// An app that answers by a script and remembers what it was asked.
final class ScriptedApp: HTTPApplication {
  struct Call: Sendable {
    var method: String
    var path: String
    var head: HTTPRequestHead
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  typealias Script = @Sendable (_ call: Call, _ times: Int) -> HTTPResponse

  private let seen = Mutex<[Call]>([])
  private let subscriptions: String
  private let script: Script
  /// How long calls of a path take.
  private let delays: [String: Duration]

  /// The path whose calls are answered only once they are released.
  private let held: String?
  private let isReleased = Atomic(false)

  init(
    subscriptions: String, delays: [String: Duration] = [:], held: String? = nil,
    _ script: @escaping Script = { _, _ in HTTPResponse(status: 200) }
  ) {
    self.subscriptions = subscriptions
    self.held = held
    self.script = script
    self.delays = delays
  }

  /// The calls so far, without health and subscriptions.
  var calls: [Call] { seen.withLock { $0 } }

  /// Waits until that many calls have come.
  func heard(_ count: Int) async {
    for _ in 0..<24_000 where calls.count < count { try? await Task.sleep(for: .milliseconds(5)) }
  }

  /// Answers the calls that are held.
  func release() { isReleased.store(true, ordering: .sequentiallyConsistent) }

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission { .accept(bodyLimit: 64 << 20) }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse { HTTPResponse(status: 503) }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    switch request.head.target {
    case "/dapr/subscribe": return .text(subscriptions)
    case "/healthz": return HTTPResponse(status: 204)
    default:
      let call = Call(method: request.head.method, path: request.head.target, head: request.head, body: request.body)
      let times = seen.withLock { seen in
        seen.append(call)
        return seen.filter { $0.path == call.path }.count
      }
      if let delay = delays[call.path] { try? await Task.sleep(for: delay) }
      while call.path == held, !isReleased.load(ordering: .sequentiallyConsistent) { try? await Task.sleep(for: .milliseconds(5)) }
      return script(call, times)
    }
  }
}

extension HTTPResponse {
  static func text(_ text: String, status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, fields: [HTTPField("Content-Type", "application/json")], body: Array(text.utf8))
  }
}
