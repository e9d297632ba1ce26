import Foundation
import Simulation

/// A message that cannot be accepted, drawn at random, with its intended owner.
struct MalformedLetter: Sendable {
  /// How a message is malformed.
  enum Shape: CaseIterable {
    case tooMuch, unknownType, spacedStudent, numberedStudent, spacedSchool, numberedSchool, wordedSchool, listedSchool, listedMetadata
    case torn, tornBase64, looseBase64, heldTwice, form, aliased, unnamed, words
  }

  let shape: Shape
  /// Its intended school and student.
  let school: String
  let student: String
  /// A word that is in no other message.
  let word: String
  /// The delivered bytes, a JSON value.
  let event: String

  /// Whether the service can know its owner.
  var isOwned: Bool { shape == .tooMuch || shape == .unknownType }
  /// Whether a field names its student.
  var namesStudent: Bool { shape != .unnamed && shape != .words }
  /// Whether its school is recognisable, even in the wrong form.
  var namesSchool: Bool { ![.wordedSchool, .listedMetadata, .unnamed, .words].contains(shape) }

  /// A message about a student of a school.
  init(_ number: Int, schools: [String], students: [String], _ random: SeededGenerator) {
    shape = Shape.allCases[random.draw(0..<Shape.allCases.count)]
    school = shape == .numberedSchool ? schools.first { Int($0) != nil } ?? schools[0] : schools[random.draw(0..<schools.count)]
    student = shape == .numberedStudent ? students.first { Int($0) != nil } ?? students[0] : students[random.draw(0..<students.count)]
    word = "word-\(number)-end"
    event = Self.event(shape, school, student, word)
  }

  private static func event(_ shape: Shape, _ school: String, _ student: String, _ word: String) -> String {
    let (own, metadata) = (#""\#(student)""#, #"{"school_id":"\#(school)","source":"\#(word)"}"#)
    let torn = #"{"student_id":"\#(student)" "metadata":{"school_id":"\#(school)"},"note":"\#(word)""#
    switch shape {
    case .tooMuch: return exercise(own, metadata, word)
    case .unknownType: return exercise(own, metadata, word, type: "exercise.forgotten")
    case .spacedStudent: return exercise(#"" \#(student)\t ""#, metadata, word)
    case .numberedStudent: return exercise(student, metadata, word)
    case .spacedSchool: return exercise(own, #"{"school_id":"\#(school)\u00A0","source":"\#(word)"}"#, word)
    case .numberedSchool: return exercise(own, #"{"school_id":\#(school),"source":"\#(word)"}"#, word)
    case .wordedSchool: return exercise(own, #"{"school_id":"no such id!","source":"\#(word)"}"#, word)
    case .listedSchool: return exercise(own, #"{"school_id":["\#(school)"],"source":"\#(word)"}"#, word)
    case .listedMetadata: return exercise(own, #"["\#(word)"]"#, word)
    case .torn: return Wrapped.quoted(torn)
    case .tornBase64: return Wrapped.quoted(Wrapped.base64(torn))
    case .looseBase64: return Wrapped.quoted(loose(Wrapped.base64(exercise(own, metadata, word))))
    case .heldTwice: return Wrapped.quoted(Wrapped.quoted("[\(exercise(own, metadata, word))]"))
    case .form: return Wrapped.quoted("student_id=\(student)&school_id=\(school)&note=\(word)")
    case .aliased: return #"[{"learnerId":"\#(student)","school":{"id":"\#(school)"},"note":"\#(word)"}]"#
    case .unnamed: return #"{"event_type":"quiz.completed","data":{"total_questions":10},"note":"\#(word)"}"#
    case .words: return Wrapped.quoted("10 questions of everybody, \(word)")
    }
  }

  /// An exercise with more completed than exists.
  private static func exercise(_ student: String, _ metadata: String, _ word: String, type: String = "exercise.completed") -> String {
    #"{"event_id":"e-\#(word)","event_type":"\#(type)","timestamp":"2026-03-10T08:00:00Z","student_id":\#(student),"#
      + #""data":{"total_exercises":10,"completed_exercises":11},"metadata":\#(metadata)}"#
  }

  /// Base64 as mailers write it: in lines, without padding.
  private static func loose(_ text: String) -> String {
    stride(from: 0, to: text.count, by: 60).map { String(text.dropFirst($0).prefix(60)) }.joined(separator: "\n").replacing("=", with: "")
  }
}
