internal import HTTPServer
internal import JSON

/// Reports the sidecar's components, and the progress of its messages.
struct MetadataDoor: Sendable {
  let appID: String
  let components: Components
  let profile: DevSidecarSettings.Profile
  let app: App?
  let courier: Courier?
  let cores: Cores?

  func answer() -> HTTPResponse {
    let body = JSONWriter.object(capacity: 4096) { writer in
      writer.member("id", appID)
      writer.member("runtimeVersion", "runtime")
      writer.array("components", of: components.listed) { write($1, &$0) }
      writer.member("extended") { writeExtended(&$0) }
      writer.array("subscriptions", of: courier?.subscriptions ?? []) { write($1, &$0) }
      if let app {
        writer.object("appConnectionProperties") { writer in
          writer.member("port", Int64(app.port))
          writer.member("protocol", "http")
          writer.member("channelAddress", app.host)
        }
      }
      writer.objects("resiliencies", of: components.resiliency.names) { $0.member("name", $1) }
    }
    return .json(body)
  }

  private func write(_ component: Components.Listed, _ writer: inout JSONWriter) {
    var (type, version) = (component.type, component.version)
    var capabilities: [StaticString] = []
    if type.hasPrefix("state.") {
      // The profile, not the file, decides which store it behaves like.
      (type, version) = Self.type(of: profile)
      capabilities = ["ETAG", "TRANSACTIONAL", "TTL"]
    } else if type.hasPrefix("pubsub.") {
      capabilities = ["BULK_PUBSUB"]
    }
    writer.object { writer in
      writer.member("name", component.name)
      writer.member("type", type)
      writer.member("version", version)
      if !capabilities.isEmpty { writer.array("capabilities", of: capabilities) }
    }
  }

  private static func type(of profile: DevSidecarSettings.Profile) -> (String, String) {
    switch profile {
    case .memory: ("state.in-memory", "v1")
    case .sqlite: ("state.sqlite", "v1")
    case .redis: ("state.redis", "v1")
    case .postgres: ("state.postgresql", "v2")
    }
  }

  /// Counters of each topic as keys and values; the real sidecar has none of them.
  private func writeExtended(_ writer: inout JSONWriter) {
    let statistics = courier?.statistics ?? [:]
    writer.object { writer in
      writer.member("daprRuntimeVersion", "runtime")
      if let tally = cores?.tally { write(tally, &writer) }
      writer.member("undelivered", String(statistics.values.reduce(0) { $0 + $1.undelivered }))
      for (topic, counts) in statistics.sorted(by: { $0.key < $1.key }) {
        for (name, count) in [
          ("published", counts.published), ("delivered", counts.delivered), ("acknowledged", counts.acknowledged),
          ("undelivered", counts.undelivered), ("deadLettered", counts.deadLettered), ("lost", counts.lost),
        ] {
          writer.member(named: "\(topic).\(name)", String(count))
        }
      }
    }
  }

  /// The app's subscriptions, if they are counted.
  private func write(_ tally: CallTally, _ writer: inout JSONWriter) {
    writer.member("calls", String(tally.calls))
    writer.member("keysRead", String(tally.keysRead))
    writer.member("documentsSaved", String(tally.documentsSaved))
    writer.member("messagesPublished", String(tally.messagesPublished))
    writer.member("bytesPublished", String(tally.bytesPublished))
    writer.member("coreMilliseconds", String(tally.coreMilliseconds))
  }

  private func write(_ subscription: Subscription, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("pubsubname", subscription.pubsub)
      writer.member("topic", subscription.topic)
      if subscription.takesAll {
        writer.object("metadata") { writer in
          if subscription.isRaw { writer.member("rawPayload", "true") }
          if subscription.isAvro { writer.member("valueSchemaType", "Avro") }
        }
      }
      writer.array("rules") { writer in
        for rule in subscription.rules {
          writer.object { writer in
            writer.member("match", rule.match)
            writer.member("path", rule.path)
          }
        }
        writer.object { $0.member("path", subscription.path) }
      }
      writer.member("deadLetterTopic", subscription.deadLetterTopic ?? "")
      writer.member("type", "PROGRAMMATIC")
    }
  }
}
