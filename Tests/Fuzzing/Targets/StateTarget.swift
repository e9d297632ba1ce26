import HTTPServer
import JSON

@testable import DevSidecar

extension FuzzTarget {
  /// Any state call gets an answer that is JSON, whichever store the development sidecar plays, encrypted or not, and saved values come
  /// back like that; an encrypted store returns a single value unchanged.
  static let state = FuzzTarget(name: "state") {
    let calls = try Recordings.calls().filter { $0.target.contains("/state/") }
    return calls.map { call in
      var call = call
      call.fields = call.fields.filter { $0.name.lowercased() == "if-match" }
      call.target = call.target.split(separator: "/", omittingEmptySubsequences: false).enumerated()
        .map { $0.offset == 3 ? "statestore" : String($0.element) }.joined(separator: "/")
      return call.text
    }
  } run: { bytes throws(Broken) in
    let request = WholeRequest(bytes).request
    let route = Route(request.head)
    switch route {
    case .getState, .deleteState, .saveState, .bulkGetState, .transactState, .queryState: break
    default: return
    }
    let key = AESGCM(key: [UInt8](repeating: 1, count: 32)).map { EncryptionKeys(primary: .init(name: "key", cipher: $0)) }
    for rules in DevSidecarSettings.Profile.allCases.flatMap({ [StateRules(profile: $0), StateRules(profile: $0, keys: key)] }) {
      let store = StateStore(rules: rules, engine: MemoryEngine(), appID: "app")
      let door = StateDoor(store, name: "statestore", faults: Faults())
      for _ in 0..<2 { try answered(door, route, request) }
      let keys = ((try? StateReader.saves(request.body, store.rules.printer)) ?? []).map(\.key)
      let body = JSONWriter.object { $0.array("keys", of: keys) }
      let read = HTTPRequest(head: HTTPRequestHead(method: "POST", target: "/v1.0/state/statestore/bulk"), body: body)
      try answered(door, Route(read.head), read)
    }
  }

  private static func answered(_ door: StateDoor, _ route: Route, _ request: HTTPRequest) throws(Broken) {
    let response = door.answer(route, request)
    try Broken.unless([200, 204, 400, 409, 500].contains(response.status), "status \(response.status)")
    if case .getState = route, response.status == 200 { return }
    // Numbers of any size and halves of surrogate pairs are kept and returned as they came, though the engine's parser reads neither.
    let isJSON = response.body.isEmpty || JSONGrammar.accepts(response.body)
    try Broken.unless(isJSON, "the answer is not JSON: \(String(decoding: response.body, as: UTF8.self))")
  }
}
