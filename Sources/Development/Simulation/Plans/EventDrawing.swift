internal import MasteryCore
internal import NaiveMastery

/// Draws events: valid ones of all kinds, late, early and repeated ones, and some that must be refused.
struct EventDrawing {
  /// Students with their schools; the same id in another school is another student.
  static let students: [(school: String?, student: String)] = [
    (nil, "ann"), ("oak", "ann"), ("oak", "bob"), ("elm", "cat"), (nil, "dan"), ("oak", "eve"),
  ]
  /// As identity providers name them; if ids were not encoded in state keys, the second and the third would share theirs.
  private static let foreignStudents: [(school: String?, student: String)] = [
    (nil, "auth0|ann"), ("oak", "bob:student:cat"), ("oak:student:bob", "cat"), ("oak", "ann@oak.example"), (nil, "school:oak:student:eve"),
    ("oak", "eve"),
  ]

  let random: SeededGenerator
  private let seed: UInt64
  let start: Int64
  private let places: PlaceDrawing
  /// Those of the world.
  private let students: ArraySlice<(school: String?, student: String)>
  private(set) var drawn: [EventContent] = []

  /// Draws events of some students of one list; a quarter of the worlds has the foreign ones.
  init(_ random: SeededGenerator, seed: UInt64, start: Int64, students: Int) {
    self.random = random
    self.seed = seed
    self.start = start
    places = PlaceDrawing(seed: seed)
    self.students = (seed % 4 == 3 ? Self.foreignStudents : Self.students).prefix(students)
  }

  /// Draws an event to publish at a moment.
  mutating func event(at moment: Int) -> PlannedEvent {
    if random.once(in: 12) { return refused(at: moment) }
    var body = EventBody(random)
    var content = content(at: moment)
    let type = body.evidence(&content)
    body.wrong = places.wrongTopic()
    // The evidence is taken in, without its topic.
    if body.wrong != nil { content.place.topic = nil }
    let form = PlannedEvent.Form.published[random.draw(0..<PlannedEvent.Form.published.count)]
    drawn.append(content)
    return PlannedEvent(at: moment, topic: topic(for: type), text: body.text(type, content), form: form, content: content)
  }

  /// Draws an event to send in a request, with its own id and time.
  mutating func ingested(at moment: Int) -> (EventContent, body: String) {
    var body = EventBody(random)
    var content = content(at: moment)
    content.id = "i-\(drawn.count)-\(random.draw(0..<1_000))"
    content.milliseconds = content.milliseconds ?? start + Int64(moment)
    content.cohort = nil
    content.source = nil
    let type = body.evidence(&content)
    drawn.append(content)
    var asked = content
    // The school is the caller's.
    asked.school = nil
    return (content, body.text(type, asked, isRequest: true))
  }

  private func topic(for type: String) -> String {
    if random.once(in: 10) { return "mastery.retry" }
    if random.once(in: 5) { return "mastery.requests" }
    return type.hasPrefix("quiz") ? "learning.quiz" : "learning.completion"
  }

  // MARK: Student, time and id

  private func content(at moment: Int) -> EventContent {
    let (school, student) = students[random.draw(0..<students.count)]
    var content = EventContent(school: school, student: student)
    content.zone = Plan.zone(of: school, seed: seed)
    content.id = id()
    content.milliseconds = random.once(in: 12) ? nil : time(at: start + Int64(moment))
    if !random.once(in: 3) { content.cohort = ["c-1", "c-2", "c-3"][random.draw(0..<3)] }
    if random.once(in: 2) { content.source = ["lms", "ide", "Schule für alle"][random.draw(0..<3)] }
    content.place = places.place()
    places.putLongAgo(&content)
    return content
  }

  private func id() -> String? {
    if random.once(in: 12) { return nil }
    // Now and then, an id is reused with different content.
    if random.once(in: 10), let earlier = drawn.randomElement(using: random) { return earlier.id }
    return "e-\(random.draw(0..<10))\(drawn.count)"
  }

  /// Usually within the last few days, often at the time of another event, sometimes long ago, sometimes slightly ahead.
  private func time(at now: Int64) -> Int64 {
    let minute: Int64 = 60_000
    switch random.draw(0..<10) {
    case 0...2:
      let earlier = drawn.randomElement(using: random)?.milliseconds ?? now
      return min(earlier, now)
    case 3: return now - Int64(random.draw(60..<140)) * 1_440 * minute
    case 4: return now + Int64(random.draw(0..<4)) * minute
    case 5, 6: return now - Int64(random.draw(0..<5)) * 1_440 * minute - Int64(random.draw(0..<1_000))
    default: return now - Int64(random.draw(0..<60)) * minute
    }
  }

  // MARK: Refused events

  private mutating func refused(at moment: Int) -> PlannedEvent {
    var body = EventBody(random)
    var content = content(at: moment)
    content.id = "r-\(drawn.count)-\(random.draw(0..<1_000))"
    content.isSound = false
    var type = body.evidence(&content)
    var form = PlannedEvent.Form.object
    var text: String?
    switch random.draw(0..<7) {
    case 0:
      // Not JSON at all; only its envelope's id is known.
      text = "{\"half\": an event \(moment)"
      form = .text
      content.id = nil
    case 1: type = "quiz.forgotten"
    case 2: content.student = "no such id!"
    case 3:
      type = "exercise.completed"
      body.members = "\"total_exercises\":0,\"completed_exercises\":0"
    case 4:
      type = "quiz"
      body.members = "\"total_questions\":10,\"correct_answers\":\"many\""
    case 5:
      type = "quality"
      body.members = "\"code_quality_score\":1.5"
    default:
      // Far ahead of its delivery, by any clock.
      content.isSound = true
      content.milliseconds = start + Int64(moment) + Int64(random.draw(10..<3_000)) * 60_000
      form = .base64
    }
    if let wrong = places.refusedMember(), text == nil {
      // In place of the content's own, which would come first.
      content.place = NaivePlace()
      (content.isSound, body.wrong) = (false, wrong)
    }
    drawn.append(content)
    return PlannedEvent(
      at: moment, topic: topic(for: type), text: text ?? body.text(type, content), form: form, content: content)
  }
}

extension Array {
  /// A random element; nil if the array is empty.
  func randomElement(using random: SeededGenerator) -> Element? {
    isEmpty ? nil : self[random.draw(0..<count)]
  }
}
