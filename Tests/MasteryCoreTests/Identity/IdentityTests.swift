import MasteryCore
import Testing

@Suite("Names and ids")
struct IdentityTests {
  @Test(
    "Ids of students, schools, cohorts and batches have 1 to 128 letters, digits and marks, as identity providers and platforms make them",
    arguments: [
      ("a", true), ("Anna_B-9", true), (String(repeating: "x", count: 128), true), ("anna.b@school.example", true), ("auth0|5f7c", true),
      ("course-v1:edX+Demo", true), ("a=b~c", true), ("...", true), ("", false), (".", false), ("..", false),
      (String(repeating: "x", count: 129), false), ("a b", false), ("ä", false), ("a\n", false), ("a/b", false), ("a%7Cb", false),
    ])
  func identifiers(text: String, isValid: Bool) {
    #expect(StudentID(text)?.text == (isValid ? text : nil))
    #expect(SchoolID(text)?.text == (isValid ? text : nil))
    #expect(CohortID(text)?.text == (isValid ? text : nil))
    #expect(BatchID(text)?.text == (isValid ? text : nil))
  }

  @Test("Of all ASCII characters just the letters, the digits and ten marks may be in an id")
  func characters() {
    let allowed = (0..<128 as Range<UInt8>).map { String(decoding: [$0], as: UTF8.self) }.filter { StudentID("a" + $0) != nil }
    #expect(allowed.joined() == "+-.0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz|~")
  }

  @Test("The name of the whole school is no cohort's, but may be a student's")
  func wholeSchool() {
    #expect(CohortID("_school") == nil)
    #expect(StudentID("_school") != nil)
  }

  @Test(
    "An event id has 1 to 128 visible ASCII characters",
    arguments: [
      ("!", true), ("~", true), ("kafka:topic/1@7", true), (String(repeating: "e", count: 128), true), ("", false),
      (String(repeating: "e", count: 129), false), ("a b", false), ("a\u{7F}", false), ("é", false),
    ])
  func eventIDs(text: String, isValid: Bool) { #expect(EventID(text)?.text == (isValid ? text : nil)) }

  @Test(
    "A source has at most 128 scalars and no control characters",
    arguments: [
      ("", true), ("Übungs-Server 3", true), (String(repeating: "é", count: 128), true), (String(repeating: "e", count: 129), false),
      ("a\u{1F}", false), ("a\u{7F}b", false), ("\u{85}", false), ("\u{9F}", false), ("\u{A0}", true),
    ])
  func sources(text: String, isValid: Bool) { #expect(SourceName(text)?.text == (isValid ? text : nil)) }

  @Test("Sources that are written differently are different, even if Unicode calls them equivalent")
  func sourcesCompareByBytes() throws {
    let composed = try #require(SourceName("\u{E9}"))
    let decomposed = try #require(SourceName("e\u{301}"))
    #expect(composed.text == decomposed.text)
    #expect(composed != decomposed)
    #expect(decomposed < composed && !(composed < decomposed))
    #expect(Set([composed, decomposed, composed]).count == 2)
  }

  @Test("Ids are ordered by their bytes")
  func order() throws {
    #expect(try #require(StudentID("B")) < #require(StudentID("a")))
    #expect(try #require(SchoolID("a")) < #require(SchoolID("ab")))
    #expect(try #require(CohortID("a-1")) < #require(CohortID("a_1")))
    #expect(try #require(EventID("1")) < #require(EventID("2")))
  }
}
