/// One of the final requests once everything has come to rest.
enum SurveyQuestion: Sendable {
  case summary(school: String?, cohort: String)
  case compare(school: String?, student: String, scope: String)
  case batch(Chronicle.Batch)
}
