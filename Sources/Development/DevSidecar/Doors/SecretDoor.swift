internal import HTTPServer
internal import JSON

/// Answers for secrets.
struct SecretDoor: Sendable {
  let stores: [SecretStore]

  func answer(store name: String, secret: String) -> HTTPResponse {
    named(name) { store in
      guard let values = store.secret(secret) else {
        return .failure(
          500, "ERR_SECRET_GET", "failed getting secret with key \(secret) from secret store \(name): secret \(secret) not found")
      }
      var writer = JSONWriter()
      write(values, &writer)
      return .json(writer.bytes)
    }
  }

  func answerAll(store name: String) -> HTTPResponse {
    named(name) { store in
      let body = JSONWriter.object { writer in
        for (secret, values) in store.secrets.sorted(by: { $0.key < $1.key }) {
          writer.member(named: secret) { write(values, &$0) }
        }
      }
      return .json(body)
    }
  }

  private func named(_ name: String, _ work: (SecretStore) -> HTTPResponse) -> HTTPResponse {
    guard let store = stores.first(where: { $0.name == name }) else {
      return .failure(401, "ERR_SECRET_STORE_NOT_FOUND", "failed finding secret store with key \(name)")
    }
    return work(store)
  }

  private func write(_ values: [String: String], _ writer: inout JSONWriter) {
    writer.object { writer in
      for (name, value) in values.sorted(by: { $0.key < $1.key }) { writer.member(named: name, value) }
    }
  }
}
