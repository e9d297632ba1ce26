import DaprClient
import Foundation
import HTTPServer
import Testing

@Suite("The encryption probe")
struct EncryptionProbeTests {
  /// The probe's finding if the store returns this for the saved JSON string.
  private func found(_ answer: @escaping @Sendable (_ saved: String) -> HTTPResponse) async throws -> Result<Bool, SidecarFailure> {
    let double = try SidecarDouble { request in
      if request.head.method == "POST" { return HTTPResponse(status: 204) }
      return answer(#""{\"probe\":\"encryption\"}""#)
    }
    let found: Result<Bool, SidecarFailure>
    do throws(SidecarFailure) {
      found = .success(try await double.client.encryptsState(probe: "probe:encryption", context: patient))
    } catch {
      found = .failure(error)
    }
    let requests = double.requests
    await double.end()
    #expect(requests.map(\.head.method) == ["POST", "GET"])
    #expect(requests.last?.head.target == "/v1.0/state/state%20store/probe:encryption")
    let items = try #require(try JSONSerialization.jsonObject(with: Data(requests[0].body)) as? [[String: Any]])
    #expect(items.count == 1 && items[0]["key"] as? String == "probe:encryption")
    #expect(items[0]["value"] as? String == #"{"probe":"encryption"}"#)
    #expect((items[0]["metadata"] as? [String: String])?["ttlInSeconds"] == "3600")
    return found
  }

  private static func answer(_ body: String) -> HTTPResponse {
    HTTPResponse(status: 200, fields: [HTTPField("Content-Type", "application/json"), HTTPField("Etag", "1")], body: Array(body.utf8))
  }

  @Test("A plain store hands out the string itself, and an encrypting store hands out the text inside it")
  func recorded() async throws {
    #expect(try await found { saved in Self.answer(saved) } == .success(false))
    #expect(try await found { _ in Self.answer(#"{"probe":"encryption"}"#) } == .success(true))
  }

  @Test(
    "The encryption probe fails as unintelligible on any other value",
    arguments: ["", "map[probe:encryption]", #"{"probe":"other"}"#, #""text""#, "null", "[]"])
  func odd(_ body: String) async throws {
    guard case .failure(.unintelligible) = try await found({ _ in Self.answer(body) }) else {
      Issue.record("\(body) was taken")
      return
    }
  }

  @Test("The encryption probe fails with the error that the store answers")
  func absent() async throws {
    let answer = #"{"errorCode":"ERR_STATE_GET","message":"redis is away"}"#
    #expect(
      try await found { _ in HTTPResponse(status: 500, body: Array(answer.utf8)) }
        == .failure(.failed(status: 500, code: "ERR_STATE_GET", message: "redis is away")))
  }
}
