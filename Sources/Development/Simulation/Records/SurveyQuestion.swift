/// A request that is sent once everything has settled.
enum SurveyQuestion: Sendable {
  case summary(school: String?, cohort: String)
  case compare(school: String?, student: String, scope: String)
  case batch(Chronicle.Batch)
}
