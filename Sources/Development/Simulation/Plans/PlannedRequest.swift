/// A request to a replica over HTTP.
struct PlannedRequest: Sendable {
  /// What a request asks for.
  enum Kind: Sendable {
    /// Asks for a student's mastery.
    case query(school: String?, student: String)
    /// Ingests an event under an idempotency key.
    case ingest(EventContent, body: String, key: String)
    /// Erases a student.
    case erase(school: String?, student: String)
    /// States whether a student's data may be processed.
    case consent(school: String?, student: String, granted: Bool)
    /// Requests a batch.
    case batch(PlannedBatch)
  }

  /// Milliseconds since the world began.
  var at: Int
  let kind: Kind
}
