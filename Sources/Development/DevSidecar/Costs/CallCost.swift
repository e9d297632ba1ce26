internal import HTTPServer
internal import JSON

/// How much of the two cores a call or a delivery takes.
struct CallCost: Hashable, Sendable {
  /// How many keys, documents, messages or events it covers.
  var items: Int
  /// How long it takes if nothing else runs, in milliseconds.
  var latency: Double
  /// The core time it takes, in milliseconds: the sidecar's, and that of the store or the broker behind it.
  var cores: Double

  /// Core time of stores and brokers for each millisecond of the sidecar's; chosen so that deliveries processed in four pieces gain as much
  /// as was measured.
  static let behind = 0.35

  /// A call with that many items of that many bytes each.
  init(_ rows: [CostTable.Row], items: Int, bytes: Int, bySize: [(Double, Double)], usualSize: Double) {
    self.items = items
    let count = Double(max(items, 1))
    let size = max(0, Double(bytes) / count / 1000)
    let factor = CostTable.line(through: bySize, at: size) / CostTable.line(through: bySize, at: usualSize)
    latency = CostTable.line(through: rows.map { ($0.items, $0.latency) }, at: count) * factor
    let processor = CostTable.line(through: rows.map { ($0.items, $0.processor) }, at: count) * factor
    // One call at a time cannot have had more than both cores.
    cores = min(processor * (1 + Self.behind), latency * 2)
  }

  private init(items: Int, latency: Double, cores: Double) {
    self.items = items
    self.latency = latency
    self.cores = cores
  }

  /// A delivery of that many events, before it reaches the app.
  static func delivery(of events: Int) -> CallCost {
    CallCost(items: events, latency: Double(events) * CostTable.delivery, cores: Double(events) * CostTable.delivery)
  }

  /// A call by its request and answer; nil if it costs next to nothing.
  init?(_ route: Route, _ request: HTTPRequest, _ response: HTTPResponse, _ table: CostTable) {
    switch route {
    case .saveState, .transactState: self = .save(Self.items(request.body, "operations"), request.body.count, table)
    case .deleteState: self = .save(1, 0, table)
    case .getState: self = .get(1, response.body.count, table)
    case .bulkGetState: self = .get(Self.items(request.body, "keys"), response.body.count, table)
    case .publish: self = .publish(1, request.body.count)
    case .bulkPublish: self = .publish(Self.items(request.body, ""), request.body.count)
    default: return nil
    }
  }

  static func save(_ items: Int, _ bytes: Int, _ table: CostTable) -> CallCost {
    CallCost(table.saves, items: items, bytes: bytes, bySize: CostTable.savesBySize, usualSize: 1.9)
  }

  static func get(_ items: Int, _ bytes: Int, _ table: CostTable) -> CallCost {
    CallCost(table.gets, items: items, bytes: bytes, bySize: CostTable.getsBySize, usualSize: 1.9)
  }

  static func publish(_ items: Int, _ bytes: Int) -> CallCost {
    CallCost(CostTable.publishes, items: items, bytes: bytes, bySize: CostTable.publishesBySize, usualSize: 0.6)
  }

  /// How many items a body lists, directly or in a member.
  private static func items(_ body: [UInt8], _ member: String) -> Int {
    let count = try? JSONDocument.parse(body) { root in
      (root[named: member] ?? root).elements.reduce(0) { count, _ in count + 1 }
    }
    return count ?? 1
  }
}
