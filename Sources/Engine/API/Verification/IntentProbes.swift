internal import JSON
internal import Schemas

/// The probes of an intent, made of its declaration.
struct IntentProbes {
  /// What examples are about in place of the sample's student and cohort.
  struct Names: Sendable {
    var student: String?
    var cohort: String?
  }

  let declaration: IntentDeclaration
  let names: Names
  /// Whether the student of the examples is known to the service, so that nothing may be missing.
  let isStudentKnown: Bool

  /// All of them: the example, bad examples, and requests by others.
  var all: [Probe] { [example] + (declaration.storedData.changes ? [] : [process]) + badExamples + foreign }

  private var subject: String { declaration.shortName }

  /// The roles that may ask about everybody.
  private var insiders: Probe.Asker {
    .role(Caller.Role.allCases.filter { declaration.audience.reach(of: $0) == .everybody }.map(\.rawValue).reversed())
  }

  // MARK: The example

  /// The fields of the example, each with its JSON text.
  private var fields: [(name: String, json: [UInt8])] {
    let members = try? JSONDocument.parse(Array(declaration.example.description.utf8)) { (root) throws(Never) in
      root.members.map { name, value -> (name: String, json: [UInt8]) in
        var json = JSONWriter()
        switch (name.string, names.student, names.cohort) {
        case ("student_id", let student?, _): json.string(student)
        case ("cohort_id", _, let cohort?): json.string(cohort)
        default: json.copy(value)
        }
        return (name.string, json.bytes)
      }
    }
    return members ?? []
  }

  /// The student whom a request names.
  private func student(in fields: [(name: String, json: [UInt8])]) -> String? {
    guard let json = fields.first(where: { $0.name == "student_id" })?.json else { return nil }
    return try? JSONDocument.parse(json) { (root) throws(Never) in root.string }
  }

  private static func text(_ fields: [(name: String, json: [UInt8])]) -> [UInt8] {
    JSONWriter.object { json in for field in fields { json.member(named: field.name, raw: field.json) } }
  }

  /// The answers to the example: as declared, or that there is no such thing.
  private func answers(_ envelope: (ObjectSchema) -> Schema, _ failure: Schema) -> ProbeExpectation {
    let asDeclared = declaration.answers.map { ProbeExpectation.Allowed(status: $0.status, schema: envelope($0.data)) }
    let isAboutOthers = fields.contains { field in declaration.fields.contains { $0.names(somebodyElse: field.name) } }
    let isKnown = isStudentKnown && fields.contains { $0.name == "student_id" } && !isAboutOthers
    let mayBeMissing = declaration.storedData == .reads && !isKnown
    let missing = mayBeMissing ? [ProbeExpectation.Allowed(status: 404, schema: failure)] : []
    return ProbeExpectation(allowed: asDeclared + missing, code: mayBeMissing ? .notFound : nil, student: student(in: fields))
  }

  private var example: Probe {
    probe("the example", fields, expected: answers(OpenAPI.envelope, OpenAPI.failure))
  }

  private var process: Probe {
    let body = JSONWriter.object { json in
      json.member("intent", declaration.name)
      json.member("payload", raw: Self.text(fields))
    }
    return Probe(
      subject: subject, what: "the example, by /process", asker: insiders, method: "POST", target: "/process", body: body,
      expected: answers({ OpenAPI.processEnvelope(of: [$0]) }, OpenAPI.processFailure))
  }

  private func probe(
    _ what: String, _ fields: [(name: String, json: [UInt8])], from asker: Probe.Asker? = nil, expected: ProbeExpectation
  ) -> Probe {
    let call = declaration.call(Self.text(fields))
    return Probe(
      subject: subject, what: what, asker: asker ?? insiders, method: declaration.method, target: call?.target ?? declaration.path,
      body: declaration.hasBody ? call?.body ?? [] : nil, expected: expected)
  }

  // MARK: Bad examples

  private var badExamples: [Probe] {
    let own = fields
    var probes: [Probe] = []
    for field in declaration.fields {
      let others = own.filter { !field.isCalled($0.name) }
      for value in BadValue.all(for: field, hasTypes: declaration.hasBody && !declaration.isInPath(field)) {
        probes.append(
          probe(
            "\(field.name) \(value.what)", others + [(field.name, Array(value.json.utf8))],
            expected: .refusal(.validation, 400, field: field.name)))
      }
      if field.isRequired, !declaration.isInPath(field) {
        probes.append(probe("without \(field.name)", others, expected: .refusal(.validation, 400, field: field.name)))
      }
    }
    let unknown = (name: "no_such_field", json: Array("1".utf8))
    if declaration.hasBody {
      // The fields of a request are those of its declaration alone, so this one is not left out by `call`.
      let body = Self.text(
        own.filter { field in !declaration.fields.contains { declaration.isInPath($0) && $0.isCalled(field.name) } } + [unknown])
      probes.append(raw("an unknown field", body, .refusal(.validation, 400, field: unknown.name)))
      probes.append(raw("a body that is not JSON", Array("{".utf8), .refusal(.validation, 400, field: "body")))
      probes.append(raw("a body that is a list", Array("[]".utf8), .refusal(.validation, 400, field: "body")))
      probes.append(raw("a body of another type", Array("{}".utf8), .refusal(.validation, 415), contentType: "text/plain"))
    }
    return probes
  }

  private func raw(_ what: String, _ body: [UInt8], _ expected: ProbeExpectation, contentType: String = "application/json") -> Probe {
    let target = declaration.call(Self.text(fields))?.target ?? declaration.path
    return Probe(
      subject: subject, what: what, asker: insiders, method: declaration.method, target: target, body: body, contentType: contentType,
      expected: expected)
  }

  // MARK: Others

  private var foreign: [Probe] {
    let outsiders = Caller.Role.allCases.filter { declaration.audience.reach(of: $0) == .nobody }
    return [
      probe("the example without a token", fields, from: .nobody, expected: .refusal(.authentication, 401)),
      probe("the example with a token that nobody signed", fields, from: .stranger, expected: .refusal(.authentication, 401)),
    ]
      + outsiders.map { probe("the example as \($0.rawValue)", fields, from: .role([$0.rawValue]), expected: .refusal(.forbidden, 403)) }
  }
}

extension FieldDeclaration {
  /// Whether a request's field of that name is this one, and names something else than a student.
  fileprivate func names(somebodyElse name: String) -> Bool {
    isCalled(name) && self.name != "student_id" && (type == .identifier || type == .eventID || type == .topic)
  }
}
