internal import JSON

/// A valid request to an intent, made of a skill's options.
package struct SkillRequest: Sendable {
  /// The intent.
  let type: any Intent.Type
  /// The JSON text of all fields, path fields included.
  package let fields: [UInt8]
  /// The HTTP method.
  package let method: String
  /// The path and the query.
  package let target: String
  /// The body; empty if there is none.
  package let body: [UInt8]
  /// Whether it asks for stored data; otherwise the answer is worked out of the request alone.
  package let needsStoredData: Bool
  /// Whether it changes what is stored.
  package let changesStoredData: Bool
}

/// Why options make no request.
package struct SkillFault: Error, Hashable, Sendable {
  /// The faulty option, what it must be, and what was given.
  package let message: String
}
