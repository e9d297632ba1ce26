import Testing

@testable import Tracing

@Suite("Trace parents")
struct SpanContextTests {
  /// The example of W3C Trace Context, 3.2.2.5.
  private static let example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test("A trace parent is read and written unchanged, and only its last flag samples", arguments: ["00", "01", "02", "03", "fe", "ff"])
  func roundTrip(_ flags: String) throws {
    let text = Self.example.dropLast(2) + flags
    let context = try #require(SpanContext(traceparent: String(text)))
    #expect(context.traceparent == text)
    #expect(context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && context.spanID == "00f067aa0ba902b7")
    #expect(context.isSampled == ["01", "03", "ff"].contains(flags))
  }

  private static let wrong = [
    "", "00", "00-", String(repeating: "0", count: 55), example.uppercased(), String(example.dropLast()), example + "0", example + "-x",
    "01" + example.dropFirst(2), "ff" + example.dropFirst(2), example.replacing("-", with: "_"), example.replacing("4b", with: "4g"),
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    example.replacing("4bf9", with: "4b\r\n"), example.replacing("4bf9", with: "4\u{e9}9"), " " + example.dropLast(),
    "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
  ]

  @Test("A text that is no trace parent of version 00 is none", arguments: wrong)
  func hostile(_ text: String) {
    #expect(SpanContext(traceparent: text) == nil)
  }

  @Test("A span below another has its trace and its flags, and an id that is not zero even if chance says so")
  func below() throws {
    let parent = try #require(SpanContext(traceparent: Self.example))
    #expect(SpanContext(below: parent, random: { 0xAB }).traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00000000000000ab-01")
    #expect(SpanContext(below: parent, random: { 0 }).spanID == "0000000000000001")
    let root = SpanContext(random: { 0 })
    #expect(SpanContext(traceparent: root.traceparent) == root && root.isSampled && !root.isInTrace(of: parent))
  }
}
