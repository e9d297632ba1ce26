extension Problem {
  /// A stored document cannot be used: one of a later release not by this replica, a damaged one not at all.
  init(_ fault: DocumentFault) {
    switch fault {
    case .newerSchema: self = .unavailable("the state store")
    case .unreadable: self = .internalError
    }
  }
}
