import Foundation
import MasteryCore
import NaiveMastery
import Testing

/// The events of the course in `Samples`, by student.
enum Samples {
  static func students() throws -> [String: [NaiveEvent]] {
    let url = try #require(
      Bundle.module.url(forResource: "oulad-2013-slice.events", withExtension: "jsonl", subdirectory: "Samples"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return Dictionary(grouping: try lines.map { try decoder.decode(Line.self, from: Data($0.utf8)).event }, by: \.student)
  }

  private struct Line: Decodable {
    let eventId: String
    let eventType: String
    let timestamp: String
    let studentId: String
    let data: [String: Field]
    let metadata: [String: String]

    var event: NaiveEvent {
      get throws {
        let date = try Date(timestamp, strategy: .iso8601)
        return NaiveEvent(
          id: eventId, milliseconds: Int64(date.timeIntervalSince1970 * 1_000), student: studentId, type: eventType,
          fields: data.mapValues(\.naive), source: metadata["source"], cohort: metadata["cohort_id"])
      }
    }
  }

  private struct Field: Decodable {
    let naive: NaiveField

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      naive = if let number = try? container.decode(Double.self) { .number(number) } else { .text(try container.decode(String.self)) }
    }
  }
}
