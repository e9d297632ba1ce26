/// Which announcements of a document are read with it.
enum AnnouncementReading: Sendable {
  /// All of them, as required to save the document again.
  case all
  /// Those not known to be published, as in folds: the others would leave the document with its next save anyway.
  case unpublished(ConfirmedAnnouncements)
  /// None, if the document is only viewed. Such a document has no ETag, so that it cannot be replaced.
  case none

  /// Whether the announcement with that id is read.
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
