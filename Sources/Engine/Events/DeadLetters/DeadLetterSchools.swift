internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Synchronization

/// The schools that have dead letters: a state store cannot list its keys, and operators look at the letters of all schools.
///
/// A school is noted before a letter of it is stored, and again when a letter comes after its note is a day old.
final class DeadLetterSchools: Sendable {
  static let key = "dlq:schools"
  /// Maximum number of schools; those with the oldest notes are removed first.
  private static let most = 10_000
  private static let day: Int64 = 86_400_000
  /// A letter is stored for 30 days, and up to a day after its school was noted.
  private static let secondsToLive = 32 * 86_400

  private let sidecar: any Sidecar
  /// When each school was noted, as far as this process knows.
  private let noted = Mutex<[SchoolID: Timestamp]>([:])

  init(sidecar: any Sidecar) {
    self.sidecar = sidecar
  }

  /// Notes that a school has dead letters.
  ///
  /// - Parameters:
  ///   - school: The school.
  ///   - now: The time.
  ///   - context: Deadline and trace.
  /// - Returns: Whether it is noted; if not, another try may succeed.
  func note(_ school: SchoolID, now: Timestamp, _ context: CallContext) async -> Bool {
    if noted.withLock({ Self.isFresh($0[school], now) }) { return true }
    do throws(SidecarFailure) {
      var (schools, condition) = try await standing(context)
      if !Self.isFresh(schools[school], now) {
        schools[school] = now
        try await sidecar.save([Self.saving(schools, condition)], context: context)
      }
      noted.withLock { [schools] noted in noted = schools }
      return true
    } catch {
      return false
    }
  }

  /// All noted schools, sorted.
  ///
  /// - Throws: `SidecarFailure` if the store gives no answer.
  func all(_ context: CallContext) async throws(SidecarFailure) -> [SchoolID] {
    try await standing(context).schools.keys.sorted { $0.text < $1.text }
  }

  private static func isFresh(_ moment: Timestamp?, _ now: Timestamp) -> Bool {
    moment.map { (0..<day).contains(now.milliseconds - $0.milliseconds) } ?? false
  }

  private func standing(
    _ context: CallContext
  ) async throws(SidecarFailure) -> (schools: [SchoolID: Timestamp], condition: SaveItem.Condition) {
    switch try await sidecar.load([Self.key], context: context, decode: { _, value in Self.read(value) }).first?.state {
    case .missing: return ([:], .absent)
    case .value(let schools, let etag): return (schools, .matches(etag))
    case .unreadable(_, let etag): return ([:], .replacing(unreadable: etag))
    case .failed(let why): throw .unread(why)
    case nil: throw .unread("a key was not answered")
    }
  }

  /// Reads the stored notes; unreadable parts are left out.
  private static func read(_ value: JSONValue) -> [SchoolID: Timestamp] {
    var schools: [SchoolID: Timestamp] = [:]
    for (name, moment) in value["schools"]?.members ?? value.members {
      guard let school = SchoolID(name.string) else { continue }
      schools[school] = moment.integer.flatMap { Timestamp(exactly: $0) }
    }
    return schools
  }

  private static func saving(_ schools: [SchoolID: Timestamp], _ condition: SaveItem.Condition) -> SaveItem {
    let latest = schools.sorted { ($0.value, $0.key.text) > ($1.value, $1.key.text) }.prefix(most)
    let json = JSONWriter.object { json in
      json.member("schema", 1)
      json.object("schools") { json in
        for (school, moment) in latest { json.member(named: school.text, moment.milliseconds) }
      }
    }
    return SaveItem(key: key, value: json, condition: condition, secondsToLive: secondsToLive)
  }
}
