import MasteryCore
import Testing

@testable import Commands

@Suite("Arguments of a call")
struct CallArgumentsTests {
  private let usage = Usage(
    command: "carry", operands: ["FROM", "TO"], purpose: "Carries.",
    options: [.init("weight", "KILOGRAMS", "how heavy"), .init("fast", "in a hurry")])

  @Test("Options and operands of a call may come in any order")
  func order() throws {
    for words in [["--weight", "3", "a", "b", "--fast"], ["a", "--fast", "--weight=3", "b"], ["--fast", "--weight=3", "--", "a", "b"]] {
      let arguments = try CallArguments(words, usage)
      #expect(arguments.operands == ["a", "b"])
      #expect(arguments.options == ["weight": "3", "fast": ""])
    }
  }

  @Test("A lone dash and everything after two dashes are operands")
  func dashes() throws {
    #expect(try CallArguments(["-", "--", "--fast"], usage).operands == ["-", "--fast"])
  }

  @Test(
    "The error of a call names the wrong argument",
    arguments: [
      (["a", "b", "--slow"], "carry: there is no option --slow"),
      (["a", "b", "--slow=3"], "carry: there is no option --slow"),
      (["a", "b", "-x"], "carry: there is no option -x"),
      (["a", "b", "--fast=1"], "carry: --fast takes no value"),
      (["a", "b", "--weight"], "carry: --weight needs a value"),
      (["a"], "carry: TO is missing"),
      ([], "carry: FROM is missing"),
      (["a", "b", "c"], "carry: there is one argument too many, \"c\""),
    ])
  func wrong(words: [String], message: String) {
    #expect(throws: CommandFailure.wrongCall(message)) { try CallArguments(words, usage) }
  }

  @Test("Help and version need no operands")
  func help() throws {
    #expect(try CallArguments(["--help"], usage).isAsked("help"))
    #expect(try CallArguments(["--version"], usage).isAsked("version"))
  }

  @Test("Numbers, ports, days and addresses of a call are checked as they are read")
  func values() throws {
    let usage = Usage(command: "x", purpose: "", options: [.init("value", "V", "")])
    func given(_ text: String) throws -> CallArguments { try CallArguments(["--value", text], usage) }
    #expect(try given("80").port("value") == 80)
    #expect(try given("2014-03-01").day("value")?.number == 16_130)
    #expect(try given("http://sidecar:3500/").address("value") == "http://sidecar:3500")
    #expect(try given("http://[::1]:65535/base").address("value") == "http://[::1]:65535/base")
    #expect(try CallArguments([], usage).port("value") == nil)
    for text in ["0", "65536", "-1", "x", ""] { #expect(throws: CommandFailure.self) { try given(text).port("value") } }
    for text in ["2014-02-29", "2014-3-1", "today"] { #expect(throws: CommandFailure.self) { try given(text).day("value") } }
    for text in [
      "sidecar:3500", "http://", "ftp://a", "http://a b", "http://a:99999", "http://a:0", "http://a:", "http://:1", "http://[::1",
      "http://a:1:2",
    ] {
      #expect(throws: CommandFailure.self) { try given(text).address("value") }
    }
  }

  @Test("The help text lines up the options")
  func helpText() {
    #expect(
      usage.help == """
        usage: mastery-engine carry FROM TO [options]

        Carries.

          --weight KILOGRAMS  how heavy
          --fast              in a hurry
          --help              shows this text
          --version           shows the version
        """)
  }
}
