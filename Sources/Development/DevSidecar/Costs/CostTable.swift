/// What calls of a real sidecar took: 1.18.3 with Kafka 3.9 on two cores, one call at a time, documents of 1.9 kB, messages of 0.6 kB.
public enum CostTable: String, Sendable, CaseIterable {
  /// Redis 7.0.
  case redis
  /// The same with encrypted values.
  case encryptedRedis = "encrypted-redis"
  /// PostgreSQL 15.
  case postgres
  /// SQLite; its reading times were not measured and are PostgreSQL's.
  case sqlite

  /// One row: that many items in one call.
  struct Row: Sendable {
    var items: Double
    /// How long the call took, in milliseconds.
    var latency: Double
    /// The sidecar's own processor time, in milliseconds.
    var processor: Double

    init(_ items: Double, _ latency: Double, _ processor: Double) {
      self.items = items
      self.latency = latency
      self.processor = processor
    }
  }

  /// Saves, by documents.
  var saves: [Row] {
    switch self {
    case .redis: [Row(1, 0.45, 0.3), Row(10, 0.78, 0.8), Row(100, 4.8, 6), Row(500, 21, 24), Row(1000, 42, 45)]
    case .encryptedRedis: [Row(1, 0.5, 0.4), Row(10, 0.89, 0.9), Row(100, 4.8, 6), Row(500, 25, 26), Row(1000, 54, 59)]
    case .postgres: [Row(1, 0.71, 0.4), Row(10, 2.5, 1.5), Row(100, 19, 11), Row(500, 97, 54), Row(1000, 205, 108)]
    case .sqlite: [Row(1, 0.79, 0.7), Row(10, 11, 6), Row(100, 174, 74), Row(500, 1_062, 479)]
    }
  }

  /// Bulk gets, by keys.
  var gets: [Row] {
    switch self {
    case .redis: [Row(1, 0.31, 0.2), Row(10, 0.53, 0.4), Row(100, 2.4, 3), Row(500, 10, 13), Row(1000, 23, 29)]
    case .encryptedRedis: [Row(1, 0.32, 0.3), Row(10, 0.6, 0.6), Row(100, 2.9, 3.5), Row(500, 15, 18), Row(1000, 29, 35)]
    case .postgres, .sqlite: [Row(1, 0.44, 0.3), Row(10, 0.53, 0.4), Row(100, 2.1, 2), Row(500, 7.2, 7.5), Row(1000, 17, 15)]
    }
  }

  /// Publishes to Kafka, by messages.
  static let publishes = [Row(1, 0.75, 0.4), Row(10, 2.6, 1.4), Row(100, 4.9, 4.5), Row(500, 15, 16), Row(1000, 30, 30)]

  /// What a delivered event takes, in milliseconds of latency and of processor time.
  static let delivery = 0.027

  /// How long a call with 500 items took by their size on Redis: kilobytes per item, milliseconds.
  static let savesBySize = [(0.5, 16.0), (1.9, 21), (4, 29), (8, 48)]
  static let getsBySize = [(0.5, 7.0), (1.9, 10), (4, 17), (8, 27)]
  static let publishesBySize = [(0.2, 11.0), (0.6, 15), (2, 25)]

  /// The value on a line through points, straight between and beyond them.
  static func line(through points: [(Double, Double)], at x: Double) -> Double {
    guard points.count > 1 else { return points.first?.1 ?? 0 }
    let next = points.dropFirst().dropLast().firstIndex { $0.0 >= x } ?? points.count - 1
    let (first, second) = (points[next - 1], points[next])
    return first.1 + (second.1 - first.1) * (x - first.0) / (second.0 - first.0)
  }
}
