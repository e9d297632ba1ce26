import HTTPServer

@testable import MasteryService

extension Stand {
  /// Sends a callback whose body is split while it arrives, and reads its statuses as `deliver` does.
  ///
  /// - Parameters:
  ///   - body: The whole body.
  ///   - topic: Its topic.
  ///   - headers: Headers besides the content type.
  ///   - size: The size of its pieces in bytes.
  /// - Returns: Each entry's status by its name.
  func deliverLarge(
    _ body: [UInt8], to topic: String = "learning.completion", headers: [HTTPField] = [], pieces size: Int = 20_000
  ) async -> [String: String] {
    Statuses.read(await answerLarge(body, to: topic, headers: headers, pieces: size))
  }

  /// The answer to such a callback.
  func answerLarge(
    _ body: [UInt8], to topic: String = "learning.completion", headers: [HTTPField] = [], pieces size: Int = 20_000
  ) async -> HTTPResponse {
    let fields = [HTTPField("Content-Type", "application/cloudevents+json")] + headers
    let head = HTTPRequestHead(method: "POST", target: "/events/\(topic)", fields: fields)
    guard case .accept(let acceptance) = service.admit(head), let reader = service.bodyReader(for: head) else {
      return HTTPResponse(status: 413)
    }
    body.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: size) {
        reader.take(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + size, bytes.count)]))
      }
    }
    return await service.answer(HTTPRequest(head: head, reader: reader, context: acceptance.context))
  }
}
