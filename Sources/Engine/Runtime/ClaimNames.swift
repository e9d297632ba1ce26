/// Which claims of a token hold what, and which words stand for which role.
///
/// A claim is named by its path: `realm_access.roles` is the member `roles` of the claim `realm_access`, or a claim of that whole name.
public struct ClaimNames: Sendable, Hashable {
  /// The claim with the caller's identity; a student's is the student id.
  public var subject = "sub"
  /// The claim with the role.
  public var role = "role"
  /// The claim with the students of a teacher.
  public var students = "students"
  /// The claim with the school.
  public var school = "school_id"
  /// The words that stand for roles, in the order of the setting.
  var roleWords: [RoleWord] = Caller.Role.allCases.map { RoleWord(word: $0.rawValue, role: $0) }

  /// A word of an identity provider, and the role that it stands for.
  struct RoleWord: Sendable, Hashable {
    let word: String
    let role: Caller.Role
  }

  /// Creates the names that are used unless the settings say otherwise.
  public init() {}

  /// The role of a caller who has some words: the most powerful that one of them stands for; nil if none stands for a role.
  func role(of words: [String]) -> Caller.Role? {
    roleWords.filter { words.contains($0.word) }.map(\.role).max { $0.power < $1.power }
  }

  /// A word that stands for a role; nil if there is none.
  func word(for role: Caller.Role) -> String? { roleWords.first { $0.role == role }?.word }
}

extension Caller.Role {
  /// The order of the roles by what they may do.
  fileprivate var power: Int {
    switch self {
    case .student: 0
    case .teacher: 1
    case .service: 2
    case .admin: 3
    }
  }
}
