/// The events that the engine publishes for others.
enum PublishedEvents {
  /// All of them, in the order of the documents.
  static let all: [EventDeclaration] = [
    MasteryUpdated.shape.declaration,
    AnnouncementShapes.thresholdReached.declaration,
    AnnouncementShapes.pathRecommended.declaration,
    Erasure.erasedShape.declaration,
    FailedEvent.shape.declaration,
  ]
}
