/// What somebody asks a replica over HTTP.
struct PlannedRequest: Sendable {
  /// What it is about.
  enum Kind: Sendable {
    /// How a student stands.
    case query(school: String?, student: String)
    /// Takes an event in, under an idempotency key.
    case ingest(EventContent, body: String, key: String)
    /// Forgets a student.
    case erase(school: String?, student: String)
    /// Says whether a student's data may be processed.
    case consent(school: String?, student: String, granted: Bool)
    /// How many students stand, worked out beside requests.
    case batch(PlannedBatch)
  }

  /// Milliseconds since the world began.
  var at: Int
  let kind: Kind
}
