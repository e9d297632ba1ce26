internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore

/// Remembers for 24 hours which event belongs to an idempotency key.
struct IdempotencyRecords {
  private static let secondsToLive = 24 * 3600

  let sidecar: any Sidecar
  let call: CallContext

  /// The record of a key, created now if there is none, and the id for an event without an id of its own.
  ///
  /// The id is derived from the key and the time of its first use, so that it is the same for every reader and does not have to be stored.
  ///
  /// - Throws: `Problem` if the key was used for something else, or the store does not answer.
  func record(under key: String, caller: Caller, new: IdempotencyRecord) async throws(Problem) -> (record: IdempotencyRecord, id: String) {
    let stateKey = Self.stateKey(key, caller)
    let record = try await record(at: stateKey, new)
    return (record, Digest.uuid(named: "\(stateKey)|\(record.timestamp.milliseconds)"))
  }

  private func record(at stateKey: String, _ new: IdempotencyRecord) async throws(Problem) -> IdempotencyRecord {
    // Two requests under one key may race: the loser of the first write reads what the winner wrote.
    for _ in 0..<2 {
      if let known = try await load(stateKey) {
        guard known.digest == new.digest else {
          throw Problem(code: .conflict, status: 409, message: "this Idempotency-Key was used before with another body")
        }
        return known
      }
      if try await save(new, at: stateKey) { return new }
    }
    throw .unavailable("the state store")
  }

  private static func stateKey(_ key: String, _ caller: Caller) -> String {
    let school = caller.school?.text ?? ""
    let hash = Digest.sha256(Array("\(school)\n\(caller.role.rawValue)\n\(caller.subject)\n\(key)".utf8))
    return caller.school.stateKey("ingest:\(hash)")
  }

  private func load(_ key: String) async throws(Problem) -> IdempotencyRecord? {
    do {
      let loaded = try await sidecar.load([key], context: call) { _, value in Self.read(value) }
      switch loaded.first?.state {
      case .missing: return nil
      case .value(let record?, _): return record
      case .value(nil, _), .unreadable: throw Problem.internalError
      case .failed, nil: throw Problem.unavailable("the state store")
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw .unavailable("the state store")
    }
  }

  private func save(_ record: IdempotencyRecord, at key: String) async throws(Problem) -> Bool {
    let json = JSONWriter.object { json in
      json.member("schema", 1)
      json.member("timestamp", record.timestamp.milliseconds)
      json.member("digest", record.digest)
    }
    do {
      try await sidecar.save(
        [SaveItem(key: key, value: json, condition: .absent, secondsToLive: Self.secondsToLive)], context: call)
      return true
    } catch {
      switch error {
      // Some stores answer 500 if the key exists, so it is read again.
      case .conflict, .failed: return false
      default: throw .unavailable("the state store")
      }
    }
  }

  private static func read(_ value: JSONValue) -> IdempotencyRecord? {
    guard let timestamp = value["timestamp"]?.integer.flatMap({ Timestamp(exactly: $0) }), let digest = value["digest"]?.string else {
      return nil
    }
    return IdempotencyRecord(timestamp: timestamp, digest: digest)
  }
}
