import Foundation
import HTTPServer
import JSON
import MasteryCore
import Simulation

@testable import MasteryService

/// The service over a simulated sidecar in which nothing fails, run step by step on the calling thread.
struct FuzzedService {
  /// Half an hour after the recordings of the real sidecar were made.
  static let now = Timestamp(milliseconds: 1_795_248_000_000)

  let sidecar = SimulatedSidecar()
  let service: MasteryService

  init() {
    var configuration = Configuration()
    configuration.environment = .development
    let random = SeededGenerator(seed: 1)
    let runtime = Runtime(now: { Self.now }, sleep: { _ in await Task.yield() }, random: { random.next() })
    service = MasteryService(configuration, sidecar: sidecar, runtime: runtime, log: Log(level: .error, format: .json) { _ in })
    service.started()
  }

  /// The service's answer, judged by its head first, as in a server.
  func answer(_ request: HTTPRequest) throws(Broken) -> HTTPResponse {
    let answer = Answer()
    let ends = SeededExecutor(SeededGenerator(seed: 1)).finishes { answer.response = await service.respond(to: request) }
    guard ends, let response = answer.response else { throw Broken(description: "there is no answer") }
    return response
  }

  func deliver(_ body: [UInt8]) throws(Broken) -> HTTPResponse {
    try answer(HTTPRequest(head: HTTPRequestHead(method: "POST", target: "/events/learning.completion"), body: body))
  }

  /// The stored documents that can be read.
  var documents: [StudentDocument] {
    sidecar.keys.compactMap { name in sidecar.stored(name).flatMap { try? Self.document($0.value, at: name) } }
  }

  /// Reads a stored value as the document of the student in its key.
  private static func document(_ bytes: [UInt8], at name: String) throws -> StudentDocument? {
    let parts = name.split(separator: ":").map { String($0).removingPercentEncoding ?? "" }
    let school = parts.first == "school" ? SchoolID(parts[1]) : nil
    guard let student = StudentID(parts[school == nil ? 1 : 3]) else { return nil }
    return try document(bytes, of: StudentKey(school: school, student: student))
  }

  /// Reads a value as the document of a student.
  static func document(_ bytes: [UInt8], of key: StudentKey) throws -> StudentDocument {
    try JSONDocument.parse(bytes) { (value) throws(DocumentFault) in try StudentDocumentReader.document(from: value, of: key) }
  }

  /// `@unchecked Sendable`: the executor runs everything on one thread.
  private final class Answer: @unchecked Sendable {
    var response: HTTPResponse?
  }
}
