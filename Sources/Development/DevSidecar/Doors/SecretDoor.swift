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
      var writer = JSONWriter()
      writer.beginObject()
      for (secret, values) in store.secrets.sorted(by: { $0.key < $1.key }) {
        writer.key(named: secret)
        write(values, &writer)
      }
      writer.endObject()
      return .json(writer.bytes)
    }
  }

  private func named(_ name: String, _ work: (SecretStore) -> HTTPResponse) -> HTTPResponse {
    guard let store = stores.first(where: { $0.name == name }) else {
      return .failure(401, "ERR_SECRET_STORE_NOT_FOUND", "failed finding secret store with key \(name)")
    }
    return work(store)
  }

  private func write(_ values: [String: String], _ writer: inout JSONWriter) {
    writer.beginObject()
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      writer.key(named: name)
      writer.string(value)
    }
    writer.endObject()
  }
}
