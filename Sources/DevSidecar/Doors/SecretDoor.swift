internal import HTTPServer
internal import JSON

/// Answers for secrets.
struct SecretDoor: Sendable {
  let store: SecretStore?

  func answer(store name: String, secret: String) -> HTTPResponse {
    named(name) { store in
      guard let value = store.values[secret] else {
        return .failure(
          500, "ERR_SECRET_GET", "failed getting secret with key \(secret) from secret store \(name): secret \(secret) not found")
      }
      var writer = JSONWriter()
      write(secret, value, &writer)
      return .json(writer.bytes)
    }
  }

  func answerAll(store name: String) -> HTTPResponse {
    named(name) { store in
      var writer = JSONWriter()
      writer.beginObject()
      for (secret, value) in store.values.sorted(by: { $0.key < $1.key }) {
        writer.key(named: secret)
        write(secret, value, &writer)
      }
      writer.endObject()
      return .json(writer.bytes)
    }
  }

  private func named(_ name: String, _ work: (SecretStore) -> HTTPResponse) -> HTTPResponse {
    guard let store, store.name == name else {
      return .failure(401, "ERR_SECRET_STORE_NOT_FOUND", "failed finding secret store with key \(name)")
    }
    return work(store)
  }

  private func write(_ secret: String, _ value: String, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.key(named: secret)
    writer.string(value)
    writer.endObject()
  }
}
