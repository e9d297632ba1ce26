internal import Schemas

/// All probes of the contract, made of the tables that the service itself runs on.
package struct ProbePlan: Sendable {
  /// A student whom the service knows, about whom the examples ask; nil for one who may be unknown.
  package var student: String?
  /// A cohort, about which the examples ask; nil for one that may be unknown.
  package var cohort: String?

  private let intents: IntentTable

  /// Creates the plan for the service's intents.
  package init() { self.init(.standard) }

  /// Creates the plan for a table of intents.
  init(_ intents: IntentTable) { self.intents = intents }

  /// The probes of paths and of intents that change nothing.
  package var readers: [Probe] { paths + probes { !$0.storedData.changes } }

  /// The probes of what changes data about the student, in an order that ends with the erasure of the student.
  package var writers: [Probe] {
    let last = ErasureRequest.declaration.name
    return probes { $0.storedData.changes && $0.isAboutStudent && $0.name != last } + probes { $0.name == last }
  }

  /// Whether a probe is one of those that end with the erasure of the student.
  package func erases(_ probe: Probe) -> Bool { probe.subject == ErasureRequest.declaration.shortName }

  /// Events by which the student becomes known, and the probe that is answered with 200 once they are worked off.
  package var beginning: (events: [Probe], isKnown: Probe)? {
    let taken = probes { $0.name == EventIngest.declaration.name }.prefix(1)
    let known = IntentProbes(
      declaration: MasteryQuery.declaration, names: .init(student: student, cohort: cohort), isStudentKnown: true
    ).all.first
    return known.map { (Array(taken), $0) }
  }

  /// What is not tried in any case, and why.
  package var leftOut: [String] {
    intents.declarations.filter { $0.storedData.changes && !$0.isAboutStudent }.map {
      "\($0.shortName): it changes more than one student's data"
    }
  }

  private func probes(_ isChosen: (IntentDeclaration) -> Bool) -> [Probe] {
    intents.declarations.filter(isChosen).flatMap { declaration in
      IntentProbes(declaration: declaration, names: .init(student: student, cohort: cohort), isStudentKnown: student != nil).all
    }
  }

  // MARK: Paths

  private var paths: [Probe] {
    let open = DescribedPath.all.filter { $0.audience == .open }.map { path in
      Probe(
        subject: "paths", what: "\(path.method) \(path.path)", asker: .anybody, method: path.method, target: path.path, body: nil,
        expected: ProbeExpectation(
          allowed: path.answers.map { .init(status: $0.status, schema: $0.contentType == "application/json" ? $0.schema : nil) }))
    }
    let unknown = ["/no-such-path", "/api/v1/no-such-path", "/student"].map { path in
      Probe(
        subject: "paths", what: "GET \(path)", asker: .anybody, method: "GET", target: path, body: nil,
        expected: .refusal(.notFound, 404))
    }
    var seen: Set<String> = []
    let wrong = intents.declarations.filter { seen.insert($0.path).inserted }.map { declaration in
      // No path takes it.
      let target = declaration.path.replacing("{", with: "").replacing("}", with: "")
      return Probe(
        subject: "paths", what: "PATCH \(declaration.path)", asker: .anybody, method: "PATCH", target: target, body: nil,
        expected: .refusal(.notFound, 405))
    }
    return open + unknown + wrong
  }
}

extension IntentDeclaration {
  /// Whether each request is about one student.
  fileprivate var isAboutStudent: Bool { fields.contains { $0.name == "student_id" && $0.isRequired } }
}
