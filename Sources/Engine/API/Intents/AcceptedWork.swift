/// The status of work that has been accepted and is done soon.
enum AcceptedWork: String, CaseIterable, Sendable {
  case queued
}
