import DaprClient
import Foundation
import HTTPClient
import HTTPServer
import JSON
import Testing

@Suite("What the real sidecar was recorded to say")
struct RecordedExchangeTests {
  private static let http = Result { try HTTPClient() }
  private static let planned = RecordedExchange.all.filter { PlannedCall($0) != nil }

  @Test("Most of the recording is what this client asks")
  func coverage() {
    #expect(RecordedExchange.all.count == 418)
    #expect(Self.planned.count == 265)
    #expect(Self.planned.filter { PlannedCall($0)?.isExact == true }.count == 239)
  }

  @Test("A recorded exchange is asked as recorded and becomes the value or the error that it says", arguments: planned)
  func exchange(_ exchange: RecordedExchange) async throws {
    let (played, server) = try PlayedSidecar.shared.get()
    let plan = try #require(PlannedCall(exchange))
    let client = DaprClient(
      endpoint: "http://127.0.0.1:\(server.port)/\(exchange.line)", stateStore: plan.stateStore, broker: BrokerComponents(plan.pubsub),
      apiToken: exchange.request.header("dapr-api-token"), http: try Self.http.get())
    let context = CallContext(deadline: 20_000, traceparent: exchange.request.header("traceparent"))
    let outcome = await outcome(of: plan.kind, client, context)
    #expect(outcome == RecordedOutcome(exchange, plan.kind))
    let sent = try #require(played.request(for: exchange.line))
    if plan.isExact { checkEquivalent(sent, exchange) }
  }

  private func checkEquivalent(_ sent: HTTPRequest, _ exchange: RecordedExchange) {
    #expect(sent.head.method == exchange.method)
    #expect(sent.head.target == exchange.target)
    for header in exchange.request.headers where header[0].lowercased() != "content-length" {
      let values = sent.head.fields.filter { $0.name.lowercased() == header[0].lowercased() }.map(\.value)
      #expect(values == [header[1]], "\(header[0])")
    }
    let body = String(decoding: sent.body, as: UTF8.self)
    guard exchange.target.hasPrefix("/v1.0/state") || exchange.target.hasPrefix("/v1.0-alpha1") else {
      #expect(body == exchange.request.body ?? "")
      return
    }
    #expect(isSameJSON(numbered(jsonValue(body)), numbered(jsonValue(exchange.request.body))), "\(body)")
  }

  /// A bulk's entries with their positions for ids: which ids an entry has is the sender's choice.
  private func numbered(_ body: Any?) -> Any? {
    guard let entries = body as? [[String: Any]], entries.first?["entryId"] != nil else { return body }
    return entries.enumerated().map { position, entry in entry.merging(["entryId": position]) { $1 } }
  }

  private func outcome(of kind: PlannedCall.Kind, _ client: DaprClient, _ context: CallContext) async -> RecordedOutcome {
    do throws(SidecarFailure) {
      switch kind {
      case .load(let keys):
        let loaded = try await client.load(keys, context: context) { _, value in
          var writer = JSONWriter()
          writer.copy(value)
          return String(decoding: writer.bytes, as: UTF8.self)
        }
        return .lines(loaded.map { RecordedOutcome.line($0.key, $0.state) })
      case .save(let items): try await client.save(items, context: context)
      case .delete(let key, let etag): try await client.delete(key, etag: etag, context: context)
      case .transact(let operations): try await client.transact(operations, context: context)
      case .publish(let event, let topic): try await client.publish(event, to: topic, context: context)
      case .publishMany(let events, let topic):
        return .lines(try await client.publish(events, to: topic, context: context).map { "\($0)" })
      case .invoke(let call):
        let answer = try await client.invoke(call, context: context)
        return .lines(["\(answer.status)", String(decoding: answer.body, as: UTF8.self)])
      case .secret(let name, let store):
        return .lines(try await client.secret(name, store: store, context: context).map { "\($0)=\($1)" }.sorted())
      case .metadata:
        let said = try await client.metadata(context: context)
        return .lines([said.id, said.runtimeVersion] + said.components.map { "\($0.name) \($0.type)" } + said.subscribedTopics)
      case .isReady: return .lines(["\(await client.isReady(context: context))"])
      }
      return .lines([])
    } catch {
      return .failure(error)
    }
  }
}
