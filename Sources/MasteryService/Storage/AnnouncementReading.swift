/// Which of a document's announcements are read with it.
enum AnnouncementReading: Sendable {
  /// All, as whoever saves the document again needs them.
  case all
  /// Those that are not known to be published, as in folds: the others would leave the document with its next save anyway.
  case unpublished(ConfirmedAnnouncements)
  /// None, where the document is only looked at. Such a document comes without an ETag, so that nothing can be put in its place.
  case none

  /// Whether the announcement of that id is read.
  func takes(_ id: String) -> Bool {
    switch self {
    case .all: true
    case .unpublished(let confirmed): !confirmed.contains(id)
    case .none: false
    }
  }

  /// Whether the document may be saved again.
  var isWhole: Bool { if case .none = self { false } else { true } }
}
