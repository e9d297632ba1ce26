internal import MasteryCore

/// Which announcements of a document are read with it.
enum AnnouncementReading: Sendable {
  /// All of them, as required to save the document again.
  case all
  /// Those not known to be published, as in folds: the others would leave the document with its next save anyway.
  case unpublished(ConfirmedAnnouncements)
  /// None, if the document is only viewed. Such a document has no ETag, so that it cannot be replaced.
  case none

  /// Whether no announcement of a revision is read.
  ///
  /// Once a revision's result is known to be published, so is everything of its outbox: which costs one memory for each student, where ids
  /// would cost one for each announcement.
  func skips(_ version: DocumentVersion, of key: StudentKey) -> Bool {
    switch self {
    case .all: false
    case .unpublished(let confirmed): confirmed.contains(version, of: key)
    case .none: true
    }
  }

  /// Whether the announcement with that id is read, of a revision that is not skipped.
  func takes(_ id: String) -> Bool {
    if case .unpublished(let confirmed) = self { !confirmed.contains(id) } else { true }
  }

  /// Whether the document may be saved again.
  var isWhole: Bool { if case .none = self { false } else { true } }
}
