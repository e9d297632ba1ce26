import DaprClient
import JSON
import Testing

@Suite("A key that spoils a bulk get")
struct SpoiledReadTests {
  private static let keys = (0..<1_000).map { "key \($0)" }

  /// A thousand documents, except for some keys.
  private func contents(_ others: [Int: ScriptedStore.Content]) -> [String: ScriptedStore.Content] {
    Dictionary(uniqueKeysWithValues: Self.keys.enumerated().map { ($1, others[$0] ?? .document($0)) })
  }

  /// What was read, in words: a document by its number and ETag, all others by their outcome.
  private func load(_ store: ScriptedStore, _ keys: [String] = keys) async throws(SidecarFailure) -> [String] {
    let loaded = try await store.load(keys, context: patient) { key, value in "\(key): \(value.elements.compactMap(\.integer))" }
    return loaded.map { one in
      switch one.state {
      case .value(let text, let etag): "\(text) at \(etag)"
      case .missing: "\(one.key): missing"
      case .failed: "\(one.key): failed"
      case .unreadable: "\(one.key): unreadable"
      }
    }
  }

  /// The same, derived key by key.
  private func expected(_ contents: [String: ScriptedStore.Content], _ keys: [String] = keys) -> [String] {
    keys.map { key in
      switch contents[key] {
      case .document(let number): "\(key): [\(number)] at \(number)"
      case .torn, .silent, .undecryptable: "\(key): unreadable"
      case .erring: "\(key): failed"
      case nil: "\(key): missing"
      }
    }
  }

  @Test("A thousand keys without a spoiling one are read by one request")
  func none() async throws {
    let contents = contents([3: .undecryptable, 4: .erring])
    let store = ScriptedStore(contents)
    #expect(try await load(store) == expected(contents))
    #expect(store.count == ScriptedStore.Count(bulkGets: 1))
  }

  @Test(
    "One spoiling key among a thousand fails alone, after about twice as many requests as halvings", arguments: [0, 1, 499, 500, 777, 999])
  func one(index: Int) async throws {
    for bad in [ScriptedStore.Content.torn, .silent] {
      let contents = contents([index: bad])
      let store = ScriptedStore(contents)
      #expect(try await load(store) == expected(contents))
      // Seven halvings of a thousand keys leave eight.
      #expect(store.count.bulkGets <= 1 + 2 * 7)
      #expect(store.count.gets <= 8 + (bad == .silent ? 4 : 0))
      #expect(store.count.healths == (bad == .silent ? 1 : 0))
    }
  }

  @Test("Several spoiling keys fail alone")
  func several() async throws {
    let contents = contents([0: .torn, 1: .silent, 250: .torn, 700: .silent, 701: .erring, 999: .undecryptable])
    let store = ScriptedStore(contents)
    #expect(try await load(store) == expected(contents))
    #expect(store.count.bulkGets <= 1 + 4 * 2 * 7)
  }

  @Test(
    "When every key spoils the read, the number of requests stays proportional to the keys",
    arguments: [ScriptedStore.Content.torn, .silent])
  func all(bad: ScriptedStore.Content) async throws {
    let contents = Dictionary(uniqueKeysWithValues: Self.keys.map { ($0, bad) })
    let store = ScriptedStore(contents)
    #expect(try await load(store) == expected(contents))
    #expect(store.count.bulkGets <= Self.keys.count / 2)
    #expect(store.count.gets == (bad == .silent ? 5 : 1) * Self.keys.count)
    #expect(store.count.healths == (bad == .silent ? Self.keys.count : 0))
  }

  @Test("A connection that closes once says nothing about any key", arguments: 1...24)
  func accident(number: Int) async throws {
    let contents = contents([400: .torn])
    let store = ScriptedStore(contents) { $0 == number ? .closed : .none }
    #expect(try await load(store) == expected(contents))
  }

  @Test("A key is unreadable only if its connection closes five times while the sidecar is ready")
  func fiveTimes() async throws {
    let contents = ["a": ScriptedStore.Content.document(1)]
    // The bulk get, five gets, and the health request.
    for closed in 1...5 {
      let store = ScriptedStore(contents) { $0 <= closed ? .closed : .none }
      #expect(try await load(store, ["a"]) == ["a: [1] at 1"])
    }
    let closing = ScriptedStore(contents) { $0 <= 6 ? .closed : .none }
    #expect(try await load(closing, ["a"]) == ["a: unreadable"])
    let unready = ScriptedStore(contents) { _ in .closed }
    let failed = await failure { () throws(SidecarFailure) in _ = try await load(unready, ["a"]) }
    #expect(failed == .broken("closed"))
    #expect(unready.count == ScriptedStore.Count(bulkGets: 1, gets: 5, healths: 1))
  }

  @Test("A sidecar that dies during a read is asked no more, and no key is taken for unreadable or missing", arguments: 1...40)
  func death(last: Int) async throws {
    let store = ScriptedStore(contents([400: .silent, 401: .torn, 900: .silent])) { $0 > last ? .unreachable : .none }
    let failed = await failure { () throws(SidecarFailure) in _ = try await load(store) }
    if store.count.all > last {
      // A sidecar that closes connections for a key and then is not ready has broken them; all other requests find nobody.
      #expect(failed == .unreachable("refused") || failed == .broken("closed"))
      #expect(store.count.all == last + 1)
    } else {
      #expect(failed == nil)
    }
  }

  @Test("Each random mix of good and spoiling keys reads as expected, even if one connection closes", arguments: 0..<300)
  func property(seed: UInt64) async throws {
    var generator = SplitMix(seed: seed)
    let keys = (0..<Int.random(in: 1...120, using: &generator)).map { "k\($0)" }
    let bad = Double.random(in: 0...1, using: &generator) < 0.1 ? 0.9 : Double.random(in: 0...0.2, using: &generator)
    let kinds: [ScriptedStore.Content?] = [.torn, .silent, .undecryptable, .erring, nil]
    var contents: [String: ScriptedStore.Content] = [:]
    for (number, key) in keys.enumerated() {
      let isBad = Double.random(in: 0..<1, using: &generator) < bad
      contents[key] = isBad ? kinds.randomElement(using: &generator) ?? nil : .document(number)
    }
    let accident = Int.random(in: 1...60, using: &generator)
    let store = ScriptedStore(contents) { $0 == accident ? .closed : .none }
    // A silent key whose health request meets the accident ends the read; then only the connection is to blame.
    do {
      #expect(try await load(store, keys) == expected(contents, keys))
    } catch {
      #expect(error == .broken("closed"))
      #expect(store.count.all == accident && contents.values.contains(.silent))
    }
  }
}
