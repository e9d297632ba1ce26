internal import MasteryCore
internal import Schemas

extension Consent {
  /// The members of a student's consent; null where nothing was ever said.
  static let members = ObjectShape<Consent?> {
    Member.nullable("granted", .boolean, "whether the data may be processed; null if nothing was ever said") { $0?.granted }
    Member.nullable("recorded_at", .moment, "when that was recorded") { $0?.recordedAt }
    Member.nullable("recorded_by", .text(), "the subject of whoever recorded it") { $0?.recordedBy }
  }
}
