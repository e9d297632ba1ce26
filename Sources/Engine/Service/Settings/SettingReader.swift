internal import Encodings
internal import Glibc
internal import MasteryCore

/// Reads individual settings.
struct SettingReader {
  let variables: [String: String]

  func integer(_ name: String, _ range: ClosedRange<Int>) throws(BadSetting) -> Int? {
    guard let text = variables[name] else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw BadSetting(name: name, value: text, constraint: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// One of several words, case-insensitive.
  func choice<Choice: CaseIterable & RawRepresentable>(_ name: String) throws(BadSetting) -> Choice? where Choice.RawValue == String {
    guard let text = variables[name] else { return nil }
    guard let choice = Choice(rawValue: text.lowercased()) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw BadSetting(name: name, value: text, constraint: "must be one of \(words)")
    }
    return choice
  }

  /// An address of this machine, with IPv6 in brackets or not.
  func host(_ name: String) throws(BadSetting) -> String? {
    guard let text = variables[name] else { return nil }
    let host = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
    var (four, six) = (in_addr(), in6_addr())
    guard inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1 else {
      throw BadSetting(
        name: name, value: text,
        constraint: "must be one address of this machine, IPv4 or IPv6, :: for all of both, or 0.0.0.0 for all of IPv4")
    }
    return host
  }

  func componentName(_ name: String) throws(BadSetting) -> String? {
    guard let text = variables[name] else { return nil }
    guard text.utf8.allSatisfy(Self.isPlain) else {
      throw BadSetting(name: name, value: text, constraint: "must be a component's name: letters, digits, -, _ and .")
    }
    return text
  }

  func serviceName(_ name: String) throws(BadSetting) -> String? {
    guard let text = variables[name] else { return nil }
    guard text.utf8.count <= 255, text.utf8.allSatisfy(Self.isVisible) else {
      throw BadSetting(name: name, value: text, constraint: "must be at most 255 visible ASCII characters")
    }
    return text
  }

  func topics(_ name: String) throws(BadSetting) -> [String]? {
    guard let text = variables[name] else { return nil }
    let topics = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard topics.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isPlain) }), Set(topics).count == topics.count else {
      throw BadSetting(name: name, value: text, constraint: "must be different topic names, commas between them")
    }
    guard topics.allSatisfy({ !Topic.reserved.contains($0) }) else {
      throw BadSetting(name: name, value: text, constraint: "must not name a topic that the engine itself publishes to or subscribes")
    }
    return topics
  }

  /// The components of topics.
  ///
  /// - Parameters:
  ///   - name: The setting.
  ///   - topics: The topics that may have one.
  ///   - own: The component of the engine's own topics, which would hold up events; nil if that is the shared one.
  /// - Returns: The components by topic; nil if the setting is missing.
  /// - Throws: `BadSetting` if the pairs are not right.
  func components(_ name: String, of topics: [String], own: String?) throws(BadSetting) -> [String: String]? {
    guard let text = variables[name] else { return nil }
    var components: [String: String] = [:]
    for pair in Self.pairs(text) {
      guard let (topic, component) = pair, topics.contains(topic), components[topic] == nil, !component.isEmpty,
        component.utf8.allSatisfy(Self.isPlain)
      else {
        throw BadSetting(
          name: name, value: text,
          constraint: "must be different topics of EVENT_TOPICS with a component each, learning.quiz=pubsub-quiz, commas between them")
      }
      guard component != own else {
        throw BadSetting(
          name: name, value: text, constraint: "must not name the component of OWN_PUBSUB_NAME, whose work would hold up events")
      }
      components[topic] = component
    }
    return components
  }

  /// True or false, case-insensitive.
  func truth(_ name: String) throws(BadSetting) -> Bool? {
    guard let text = variables[name] else { return nil }
    guard let truth = Bool(text.lowercased()) else { throw BadSetting(name: name, value: text, constraint: "must be true or false") }
    return truth
  }

  func keys(_ name: String) throws(BadSetting) -> String? {
    guard let text = variables[name] else { return nil }
    // The value is not shown: someone who mixed up the variables may have put a secret into it.
    if let fault = KeyRing.fault(of: text) { throw BadSetting(name: name, value: nil, constraint: fault) }
    return text
  }

  /// The claims of tokens, and the words for roles.
  func claimNames() throws(BadSetting) -> ClaimNames {
    var names = ClaimNames()
    names.subject = try claim("JWT_SUBJECT_CLAIM") ?? names.subject
    names.role = try claim("JWT_ROLE_CLAIM") ?? names.role
    names.students = try claim("JWT_STUDENTS_CLAIM") ?? names.students
    names.school = try claim("JWT_SCHOOL_CLAIM") ?? names.school
    names.roleWords = try roleWords("JWT_ROLES") ?? names.roleWords
    return names
  }

  private func claim(_ name: String) throws(BadSetting) -> String? {
    guard let text = variables[name] else { return nil }
    guard text.utf8.count <= 255, text.utf8.allSatisfy(Self.isVisible),
      text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty })
    else {
      throw BadSetting(
        name: name, value: text, constraint: "must be a claim's name, or names with dots between them, of visible ASCII characters")
    }
    return text
  }

  private func roleWords(_ name: String) throws(BadSetting) -> [ClaimNames.RoleWord]? {
    guard let text = variables[name] else { return nil }
    var words: [ClaimNames.RoleWord] = []
    for pair in Self.pairs(text) {
      guard let (word, role) = pair, !word.isEmpty, let role = Caller.Role(rawValue: role), !words.contains(where: { $0.word == word })
      else {
        let roles = Caller.Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw BadSetting(
          name: name, value: text,
          constraint: "must be different words with a role each, word=role, commas between them; roles are \(roles)")
      }
      words.append(ClaimNames.RoleWord(word: word, role: role))
    }
    return words
  }

  /// The pairs of a list, `a=b,c=d`; nil for an element without an equals sign.
  ///
  /// The last equals sign divides: ids and the addresses of LTI roles may have some of their own, zones and roles have none.
  private static func pairs(_ text: String) -> [(String, String)?] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { pair in
      pair.lastIndex(of: "=").map { (trimmed(pair[..<$0]), trimmed(pair[pair.index(after: $0)...])) }
    }
  }

  static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The zones of schools.
  func calendars() throws(BadSetting) -> SchoolCalendars {
    var calendars = SchoolCalendars()
    if let name = variables["TIME_ZONE"], name != "UTC" {
      guard let zone = TimeZoneName(name) else {
        throw BadSetting(name: "TIME_ZONE", value: name, constraint: "must be a zone of the tz database, such as Europe/Berlin")
      }
      calendars.common = zone
    }
    guard let text = variables["SCHOOL_TIME_ZONES"] else { return calendars }
    for pair in Self.pairs(text) {
      guard let (id, name) = pair, let school = SchoolID(id), let zone = TimeZoneName(name), calendars.schools[school] == nil else {
        throw BadSetting(
          name: "SCHOOL_TIME_ZONES", value: text,
          constraint: "must be different schools, each with a zone of the tz database, a=Asia/Tokyo, commas between them")
      }
      calendars.schools[school] = zone
    }
    return calendars
  }

  func origins(_ name: String) throws(BadSetting) -> [String]? {
    guard let text = variables[name] else { return nil }
    let origins = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.drop { $0 == " " }) }
    for origin in origins {
      let scheme = ["http://", "https://"].first(where: origin.hasPrefix)
      guard let scheme, origin.utf8.allSatisfy(Self.isVisible), Self.isAuthority(origin.dropFirst(scheme.count)) else {
        throw BadSetting(name: name, value: text, constraint: "must be origins, https://host:port, commas between them")
      }
    }
    return origins
  }

  func tls() throws(BadSetting) -> Configuration.TLS? {
    let names = (certificate: "TLS_CERTIFICATE", key: "TLS_PRIVATE_KEY")
    switch (variables[names.certificate], variables[names.key]) {
    case (nil, nil): return nil
    case (nil, _): throw BadSetting(name: names.certificate, value: nil, constraint: "is required beside \(names.key)")
    case (_, nil): throw BadSetting(name: names.key, value: nil, constraint: "is required beside \(names.certificate)")
    case (let certificate?, let key?):
      return Configuration.TLS(
        certificate: try PEMText.read(certificate, of: names.certificate), privateKey: try PEMText.read(key, of: names.key))
    }
  }

  func token(_ name: String) throws(BadSetting) -> String? {
    guard let text = variables[name] else { return nil }
    guard text.utf8.allSatisfy(Self.isVisible) else {
      throw BadSetting(name: name, value: nil, constraint: "must be visible ASCII characters, as it goes into a header")
    }
    return text
  }

  func endpoint(_ name: String) throws(BadSetting) -> String? {
    guard var text = variables[name] else { return nil }
    while text.hasSuffix("/") { text.removeLast() }
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix), text.utf8.allSatisfy(Self.isVisible),
      Self.isAuthority(text.dropFirst(scheme.count).prefix { $0 != "/" })
    else { throw BadSetting(name: name, value: variables[name], constraint: "must be an address, http://host:port") }
    return text
  }

  /// Whether a text is a host, or an IPv6 address in brackets, optionally with a port.
  static func isAuthority(_ text: Substring) -> Bool {
    let host = text.hasPrefix("[") ? text.prefix { $0 != "]" } + "]" : text.prefix { $0 != ":" }
    guard text.hasPrefix(host), !host.contains("/"), host.contains(where: { !"[]".contains($0) }) else { return false }
    let port = text.dropFirst(host.count)
    return port.isEmpty || (port.hasPrefix(":") && UInt16(port.dropFirst()).map { $0 > 0 } ?? false)
  }

  static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

  private static func isPlain(_ byte: UInt8) -> Bool { byte.isLetterOrDigit || "-_.".utf8.contains(byte) }
}
