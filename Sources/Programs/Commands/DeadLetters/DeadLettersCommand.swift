internal import DaprClient
internal import HTTPClient
internal import MasteryCore
internal import MasteryService

/// `dlq`: lists, shows and replays the kept dead letters.
struct DeadLettersCommand: Command {
  /// What to do with the letters.
  enum Action: String, CaseIterable {
    case list, show, replay

    /// The options that this action has beside those that choose letters.
    fileprivate var options: Set<String> {
      switch self {
      case .list: ["replayed", "letters", "json"]
      case .show: ["replayed"]
      case .replay: ["again", "repaired", "by", "wait", "dry-run", "json"]
      }
    }
  }

  static let usage = Usage(
    command: "dlq",
    operands: ["ACTION"],
    purpose: "Lists the kept dead letters by cause (list), shows them as JSON lines (show), or publishes their events again on "
      + "mastery.retry and tells what became of them (replay). The settings come from the environment.",
    options: [
      .init("sidecar", "URL", "the sidecar to ask (as the environment says)"),
      .init("school", "ID", "only the letters of a school"),
      .init("unowned", "only the letters whose student or school cannot be read"),
      .init("cause", "ID", "only the letters of a cause, as list names it"),
      .init("event", "ID", "only the letters of an event"),
      .init("student", "ID", "only the letters of a student; needs --school where there are schools"),
      .init("type", "NAME", "only the letters of events of a type, as the events name it"),
      .init("from", "TIME", "only the letters of failures since then, YYYY-MM-DD or an ISO 8601 time"),
      .init("limit", "N", "so many letters at the most, the latest first, 1 to 20000 (20000)"),
      .init("replayed", "list, show: also the letters that have been replayed"),
      .init("letters", "list: each letter in a line, not by cause"),
      .init("json", "list, replay: JSON lines"),
      .init("repaired", "FILE", "replay: only these repaired events, one JSON object a line; - is standard input"),
      .init("again", "replay: also the letters that have been replayed"),
      .init("by", "NAME", "replay: the name to put down for whoever replays (operator)"),
      .init("wait", "SECONDS", "replay: how long to wait for what becomes of the events, 0 to 3600 (30)"),
      .init("dry-run", "replay: publishes nothing, and tells what would be"),
    ])

  private let action: Action
  private let endpoint: String?
  private let scope: KeptDeadLetters.Scope
  private let filter: DeadLetterFilter
  private let limit: Int
  private let listsLetters: Bool
  private let isJSON: Bool
  private let repaired: String?
  private let order: KeptDeadLetters.Order
  private let patience: Int

  init(_ arguments: CallArguments) throws(CommandFailure) {
    let named = arguments.operands.first ?? ""
    guard let action = Action(rawValue: named) else {
      throw .wrongCall("dlq: the first argument must be list, show or replay, got \"\(named)\"")
    }
    let ofSome = Action.allCases.reduce(into: Set<String>()) { $0.formUnion($1.options) }
    if let foreign = ofSome.subtracting(action.options).filter({ arguments.isAsked($0) }).min() {
      throw .wrongCall("dlq: \(named) has no option --\(foreign)")
    }
    self.action = action
    endpoint = try arguments.address("sidecar")
    scope = try Self.scope(arguments)
    filter = try Self.filter(arguments)
    limit = try arguments.number("limit", 1...KeptDeadLetters.mostFound) ?? KeptDeadLetters.mostFound
    listsLetters = arguments.isAsked("letters")
    isJSON = arguments.isAsked("json")
    repaired = arguments.options["repaired"]
    var order = KeptDeadLetters.Order(by: arguments.options["by"] ?? "operator")
    order.isRepeated = arguments.isAsked("again")
    order.isDryRun = arguments.isAsked("dry-run")
    self.order = order
    patience = try arguments.number("wait", 0...3_600) ?? 30
  }

  private static func scope(_ arguments: CallArguments) throws(CommandFailure) -> KeptDeadLetters.Scope {
    guard let text = arguments.options["school"] else { return arguments.isAsked("unowned") ? .unowned : .all }
    guard let school = SchoolID(text) else { throw .wrongCall("--school must be a school's id, got \"\(text)\"") }
    if arguments.isAsked("unowned") { throw .wrongCall("dlq: --school and --unowned exclude each other") }
    return .school(school)
  }

  private static func filter(_ arguments: CallArguments) throws(CommandFailure) -> DeadLetterFilter {
    var filter = DeadLetterFilter()
    filter.events = arguments.options["event"].map { [$0] }
    filter.cause = arguments.options["cause"]
    filter.eventType = arguments.options["type"]
    filter.from = try arguments.moment("from")
    filter.includesReplayed = arguments.isAsked("replayed") || arguments.isAsked("again")
    if let text = arguments.options["student"] {
      guard let student = StudentID(text) else { throw .wrongCall("--student must be a student's id, got \"\(text)\"") }
      filter.student = student
    }
    return filter
  }

  func run() async throws(CommandFailure) {
    var configuration = try ServeCommand.read(SystemEnvironment.settings)
    if let endpoint { configuration.sidecar = endpoint }
    let events = try repaired.map { (path) throws(CommandFailure) in try RepairedEventFile.events(of: path) } ?? []
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let letters = KeptDeadLetters(sidecar: DaprClient(configuration, http: client), configuration, runtime: .system)
    let chosen = try await chosen(events, from: letters)
    switch action {
    case .list: list(chosen)
    case .show: try await show(chosen, from: letters)
    case .replay: try await replay(chosen, events, by: letters)
    }
  }

  /// The letters that the options choose; what is left out is told.
  private func chosen(_ events: [RepairedEvent], from letters: KeptDeadLetters) async throws(CommandFailure) -> [KeptDeadLetter] {
    var filter = filter
    if repaired != nil {
      let named = Set(events.map(\.id))
      filter.events = filter.events.map(named.intersection) ?? named
    }
    let found: KeptDeadLetters.Found
    do throws(SidecarFailure) {
      found = try await letters.found(filter, of: scope)
    } catch {
      throw Self.unanswered(error)
    }
    if found.letters.isEmpty { Terminal.note("no such dead letter is kept") }
    if found.letters.count > limit { Terminal.note("\(found.letters.count - limit) more are kept than --limit \(limit) allows") }
    if !found.isComplete {
      Terminal.note("more than \(KeptDeadLetters.mostFound) are kept; choose with --school, --cause or --from to reach the others")
    }
    return Array(found.letters.prefix(limit))
  }

  private static func unanswered(_ failure: SidecarFailure) -> CommandFailure {
    .unavailable("the state store does not answer: \(failure)")
  }

  private func show(_ letters: [KeptDeadLetter], from kept: KeptDeadLetters) async throws(CommandFailure) {
    do throws(SidecarFailure) {
      try await kept.read(letters) { _, text in Terminal.say(String(decoding: text, as: UTF8.self)) }
    } catch {
      throw Self.unanswered(error)
    }
  }

  private func list(_ letters: [KeptDeadLetter]) {
    if listsLetters {
      for letter in letters { Terminal.say(isJSON ? DeadLetterLine(letter).json : DeadLetterLine(letter).text) }
    } else {
      for group in DeadLetterGroup.groups(of: letters) {
        if isJSON { Terminal.say(group.json) } else { for line in group.lines { Terminal.say(line) } }
      }
    }
  }

  private func replay(
    _ letters: [KeptDeadLetter], _ events: [RepairedEvent], by kept: KeptDeadLetters
  ) async throws(CommandFailure) {
    var order = order
    order.repaired = events
    let published = await kept.replay(letters, order)
    let summary = DeadLetterSummary(await kept.followed(published, for: patience * 1_000), events, isDryRun: order.isDryRun)
    for line in isJSON ? summary.json : summary.lines { Terminal.say(line) }
    if let shortcoming = summary.shortcoming { throw .incomplete(shortcoming) }
  }
}
