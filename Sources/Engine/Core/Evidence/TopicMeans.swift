/// The scores of several topics summed up: for each component the mean over the courses that have it of the means over their topics.
///
/// Evidence without a course counts as one more course, and evidence without a topic as one more topic.
struct TopicMeans {
  private struct Sum {
    var total = 0.0
    var count = 0.0

    mutating func add(_ value: Double) {
      total += value
      count += 1
    }

    var mean: Double { total / count }
  }

  private var courses = ComponentValues<Sum>()
  /// The topics of the course that is being added.
  private var topics = ComponentValues<Sum>()
  private var course: CourseID?

  /// Adds the scores of a topic; the topics of a course must be added one after the other.
  mutating func add(_ scores: ComponentValues<Score>, of topic: CourseTopic) {
    if topic.course != course {
      endCourse()
      course = topic.course
    }
    Self.add(scores.completion, to: &topics.completion)
    Self.add(scores.quiz, to: &topics.quiz)
    Self.add(scores.quality, to: &topics.quality)
    Self.add(scores.consistency, to: &topics.consistency)
  }

  /// The mean of each component that has been added.
  var scores: ComponentValues<Score> {
    var all = self
    all.endCourse()
    return all.courses.map { Score(clamping: $0.mean) }
  }

  private mutating func endCourse() {
    for (component, sum) in topics {
      var total = courses[component] ?? Sum()
      total.add(sum.mean)
      courses[component] = total
    }
    topics = ComponentValues()
  }

  private static func add(_ score: Score?, to sum: inout Sum?) {
    guard let score else { return }
    if sum == nil { sum = Sum() }
    sum?.add(score.value)
  }
}
