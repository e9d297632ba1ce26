import DaprClient
import Foundation
import HTTPClient
import HTTPServer
import JSON
import Testing
import WireTesting

@Suite("Exchanges recorded from the real sidecar")
struct RecordedExchangeTests {
  private static let http = Result { try HTTPClient() }
  private static let plans = RecordedExchange.all.map { PlannedCall($0) }
  private static let planned = RecordedExchange.all.filter { plans[$0.line] != nil }

  @Test("Most of the recorded exchanges are requests that this client makes")
  func coverage() {
    #expect(RecordedExchange.all.count == 1736)
    #expect(Self.planned.count == 1599)
    #expect(Self.plans.count { $0?.isExact == true } == 916)
  }

  @Test("A recorded exchange is requested as recorded and yields the recorded value or error", arguments: planned)
  func exchange(_ exchange: RecordedExchange) async throws {
    let (played, server) = try PlayedSidecar.shared.get()
    let plan = try #require(Self.plans[exchange.line])
    let port = exchange.status == 0 ? ClosingSidecar.shared.port : server.port
    let client = DaprClient(
      endpoint: "http://127.0.0.1:\(port)/\(exchange.line)", stateStore: plan.stateStore, broker: BrokerComponents(plan.pubsub),
      apiToken: exchange.request.header("dapr-api-token"), http: try Self.http.get())
    let context = CallContext(deadline: 120_000, traceparent: exchange.request.header("traceparent"))
    let outcome = await outcome(of: plan.kind, client, context)
    #expect(outcome == RecordedOutcome(exchange, plan.kind))
    guard exchange.status != 0 else { return }
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
    #expect(isSameJSON(numbered(jsonValue(body)), escaped(numbered(jsonValue(exchange.request.body)))), "\(body)")
  }

  /// A bulk's entries with their positions as ids, since the sender chooses the ids.
  private func numbered(_ body: Any?) -> Any? {
    guard let entries = body as? [[String: Any]], entries.first?["entryId"] != nil else { return body }
    return entries.enumerated().map { position, entry in entry.merging(["entryId": position]) { $1 } }
  }

  /// The same with the five characters escaped in each value, as the client writes documents for encrypted stores.
  private func escaped(_ body: Any?) -> Any? {
    switch body {
    case let list as [Any]: return list.map { escaped($0) ?? NSNull() }
    case let object as [String: Any]:
      return object.reduce(into: [String: Any]()) { result, member in
        let (name, value) = member
        result[name] = name == "value" ? (value as? String).map(escapedText) ?? value : escaped(value)
      }
    default: return body
    }
  }

  private func escapedText(_ text: String) -> String {
    [("<", "003c"), (">", "003e"), ("&", "0026"), ("\u{2028}", "2028"), ("\u{2029}", "2029")]
      .reduce(text) { $0.replacingOccurrences(of: $1.0, with: "\\u\($1.1)") }
  }

  private func outcome(of kind: PlannedCall.Kind, _ client: DaprClient, _ context: CallContext) async -> RecordedOutcome {
    do throws(SidecarFailure) {
      switch kind {
      case .load(let keys):
        let loaded = try await client.load(keys, context: context) { text(of: $1) }
        return .lines(loaded.map { RecordedOutcome.line($0.key, $0.state) })
      case .get(let key):
        return .lines([RecordedOutcome.line(key, try await client.get(key, context: context) { text(of: $0) })])
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
        return .lines(
          [said.id, said.runtimeVersion]
            + said.components.map { "\($0.name) \($0.type) \($0.capabilities.sorted())" }
            + said.subscriptions.map { "\($0.component) \($0.topic) \($0.deadLetterTopic ?? "")" } + (said.resiliencies ?? []))
      case .isReady: return .lines(["\(await client.isReady(context: context))"])
      }
      return .lines([])
    } catch .broken {
      return .failure(.broken(""))
    } catch {
      return .failure(error)
    }
  }

  private func text(of value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.copy(value)
    return writer.text
  }
}
