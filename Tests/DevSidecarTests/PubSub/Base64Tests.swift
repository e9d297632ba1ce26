import Encodings
import Foundation
import Testing

@testable import DevSidecar

@Suite("Base64")
struct Base64Tests {
  @Test("Base64 matches Foundation for every length and reads its own output back", arguments: 0..<20)
  func lengths(_ length: Int) {
    var dice = RandomBits(seed: UInt64(length))
    let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
    let text = Base64.encode(bytes)
    #expect(String(decoding: text, as: UTF8.self) == Data(bytes).base64EncodedString())
    #expect(Base64.decode(text) == bytes)
  }

  @Test("Text that is not base64 decodes to nothing", arguments: ["a", "ab=c", "a-b_", "====="])
  func wrong(_ text: String) {
    #expect(Base64.decode(Array(text.utf8)) == nil)
  }
}
