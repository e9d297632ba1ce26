/// What a registry knows: schemas by their numbers, and the versions of each subject.
struct RegisteredSchemas: Sendable {
  /// A version of a subject.
  struct Version: Hashable, Sendable {
    var subject: String
    /// Counts from 1.
    var version: Int
    /// The schema's number.
    var id: Int
    /// The schema's JSON text.
    var text: String
  }

  /// The texts; a schema's number is its index and 1.
  private var texts: [String] = []
  /// The numbers of each subject's schemas, the first version first.
  private var subjects: [String: [Int]] = [:]

  /// Makes a schema the latest version of a subject, unless it is one already.
  ///
  /// - Returns: The schema's number, which is the same in all subjects.
  mutating func register(_ text: String, subject: String) -> Int {
    let id: Int
    if let known = texts.firstIndex(of: text) {
      id = known + 1
    } else {
      texts.append(text)
      id = texts.count
    }
    if subjects[subject]?.contains(id) != true { subjects[subject, default: []].append(id) }
    return id
  }

  /// A schema's text by its number; nil if there is none.
  func text(_ id: Int) -> String? { texts.indices.contains(id - 1) ? texts[id - 1] : nil }

  /// The names of the subjects, sorted.
  var names: [String] { subjects.keys.sorted() }

  /// The versions of a subject, the first one first; nil if there is no such subject.
  func versions(of subject: String) -> [Version]? {
    subjects[subject]?.enumerated().map { index, id in
      Version(subject: subject, version: index + 1, id: id, text: texts[id - 1])
    }
  }
}
