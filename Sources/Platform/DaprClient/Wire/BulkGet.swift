internal import HTTPClient
internal import JSON

/// The request and answer of a read of many keys.
enum BulkGet {
  /// How many keys the sidecar reads at once.
  private static let parallelism = 10

  static func request(_ keys: [String]) -> [UInt8] {
    JSONWriter.object(capacity: keys.reduce(64) { $0 + $1.utf8.count + 3 }) { writer in
      writer.array("keys", of: keys)
      writer.member("parallelism", parallelism)
    }
  }

  /// Puts the entries, which arrive in any order, into the order of the keys.
  ///
  /// - Throws: `SidecarFailure.spoiled` for a 200 without JSON, which is how the sidecar answers if a single value is not JSON;
  ///   `unintelligible` for JSON in another format.
  static func read<Value: Sendable>(
    _ answer: HTTPAnswer, keys: [String], decode: (_ key: String, _ value: JSONValue) -> Value
  ) throws(SidecarFailure) -> [Loaded<Value>] {
    let loaded: [Loaded<Value>]?
    do {
      loaded = try JSONDocument.parse(answer.body) { (root) throws(Never) in entries(root, keys: keys, decode: decode) }
    } catch {
      guard answer.status == 200 else { throw .unintelligible("status \(answer.status) with a body that is not JSON") }
      throw .spoiled(answer.body.isEmpty ? "status 200 without a body" : "status 200 with a body that is not JSON")
    }
    guard let loaded else { throw .unintelligible("status \(answer.status) with JSON that is not a list of entries") }
    return loaded
  }

  /// The result for each key; nil if the JSON is not a list of entries.
  private static func entries<Value: Sendable>(
    _ root: JSONValue, keys: [String], decode: (_ key: String, _ value: JSONValue) -> Value
  ) -> [Loaded<Value>]? {
    guard root.kind == .array else { return nil }
    var loaded = keys.map { Loaded<Value>(key: $0, state: .failed("not in the answer")) }
    var order = KeyOrder(keys)
    for entry in root.elements {
      guard let found = Entry(entry) else { return nil }
      guard let index = order.index(of: found.key) else { continue }
      loaded[index].state = found.state(key: keys[index], decode: decode)
    }
    return loaded
  }

  /// One entry of the answer, still in the parser's memory.
  private struct Entry {
    let key: JSONText
    private var data: JSONValue?
    private var etag: JSONText?
    private var error: JSONText?

    init?(_ value: JSONValue) {
      var key: JSONText?
      for (name, member) in value.members {
        switch name {
        case "key": key = member.text
        case "data": data = member
        case "etag": etag = member.text
        case "error": error = member.text
        default: break
        }
      }
      guard let key else { return nil }
      self.key = key
    }

    func state<Value: Sendable>(key: String, decode: (_ key: String, _ value: JSONValue) -> Value) -> Loaded<Value>.State {
      if let error, error.count > 0 {
        let message = error.string
        return UnreadableValue.decryption(message).map { .unreadable($0, etag: etag?.string) } ?? .failed(message)
      }
      switch (data, etag) {
      case (let data?, let etag?):
        switch StoredDocument.read(data, { decode(key, $0) }) {
        case .success(let value): return .value(value, etag: etag.string)
        case .failure(let none): return .unreadable(none.reason, etag: etag.string)
        }
      case (nil, nil): return .missing
      case (_?, nil): return .failed("a value without an ETag")
      case (nil, let etag?): return .unreadable(UnreadableValue.empty, etag: etag.string)
      }
    }
  }
}

/// Finds the positions of keys, quickly if they come in their order, as from Redis.
private struct KeyOrder {
  private let keys: [String]
  private var expected = 0
  private lazy var indices = Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })

  init(_ keys: [String]) {
    self.keys = keys
  }

  mutating func index(of key: JSONText) -> Int? {
    if expected < keys.count, key.matches(keys[expected]) {
      expected += 1
      return expected - 1
    }
    guard let index = indices[key.string] else { return nil }
    expected = index + 1
    return index
  }
}
