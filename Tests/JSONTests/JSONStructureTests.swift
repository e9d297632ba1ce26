import JSON
import Testing

@Suite struct JSONStructureTests {
  private struct Unwritable: Error {}

  private struct Point: JSONWritable {
    let x: Int
    let y: Int

    func write(to json: inout JSONWriter) {
      json.array { json in
        json.integer(x)
        json.integer(y)
      }
    }
  }

  private func value(_ write: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter(capacity: 16)
    write(&json)
    return json.text
  }

  private func object(_ members: (inout JSONWriter) -> Void) -> String {
    String(decoding: JSONWriter.object(members), as: UTF8.self)
  }

  @Test("A member has the form of its value's type, and null without a value")
  func members() {
    let text = object { json in
      json.member("text", "a\"b\n")
      json.member("word", "plain" as StaticString)
      json.member("yes", true)
      json.member("no", false)
      json.member("int", -7)
      json.member("wide", Int64.min)
      json.member("whole", 2.0)
      json.member("shown", 0.125)
      json.member("endless", Double.infinity)
    }
    #expect(
      text == #"{"text":"a\"b\n","word":"plain","yes":true,"no":false,"int":-7,"wide":-9223372036854775808,"#
        + #""whole":2,"shown":0.125,"endless":null}"#)
    let optional = object { json in
      json.member("text", "a" as String?)
      json.member("no_text", String?.none)
      json.member("word", StaticString?.none)
      json.member("flag", false as Bool?)
      json.member("no_flag", Bool?.none)
      json.member("int", 0 as Int?)
      json.member("no_int", Int64?.none)
      json.member("no_double", Double?.none)
      json.member("value", JSONValue?.none)
    }
    #expect(
      optional == #"{"text":"a","no_text":null,"word":null,"flag":false,"no_flag":null,"int":0,"no_int":null,"#
        + #""no_double":null,"value":null}"#)
  }

  @Test("Objects and arrays without content close at once, and what follows them is separated")
  func empty() {
    #expect(object { _ in } == "{}")
    #expect(String(decoding: JSONWriter.array { _ in }, as: UTF8.self) == "[]")
    let text = object { json in
      json.object("a") { _ in }
      json.array("b") { _ in }
      json.array("c", of: [String]())
      json.array("d", of: [1][..<0]) { $0.integer($1) }
      json.objects("e", of: [Int]()) { $0.member("never", $1) }
      json.member("f") { $0.object { _ in } }
      json.member("g", 1)
    }
    #expect(text == #"{"a":{},"b":[],"c":[],"d":[],"e":[],"f":{},"g":1}"#)
    #expect(value { $0.array(of: [Int]()) } == "[]")
    #expect(value { $0.objects(of: [Int]()) { $0.member("never", $1) } } == "[]")
  }

  @Test("Objects and arrays nest in the order of the calls, with commas between neighbours only")
  func nested() {
    let text = object { json in
      json.member("id", "x")
      json.object("data") { json in
        json.array("rows") { json in
          json.array { json in
            json.integer(1)
            json.string("two")
            json.null()
          }
          json.object { json in
            json.member("three", 3)
            json.object("deep") { $0.member("er", true) }
          }
          json.boolean(false)
        }
        json.member("after", 4)
      }
      json.member("last", "y")
    }
    #expect(text == #"{"id":"x","data":{"rows":[[1,"two",null],{"three":3,"deep":{"er":true}},false],"after":4},"last":"y"}"#)
  }

  @Test("An array has one element for each item of a list")
  func lists() {
    let text = object { json in
      json.array("texts", of: ["a", "b"])
      json.array("some", of: [1, nil, 3])
      json.array("points", of: [Point(x: 1, y: 2), Point(x: 3, y: 4)])
      json.array("lengths", of: ["a", "bb"]) { $0.integer($1.utf8.count) }
      json.array("odd", of: 1...4) { json, number in if number % 2 == 1 { json.integer(number) } }
      json.objects("people", of: ["Ann", "Bo"]) { json, name in
        json.member("name", name)
        json.member("length", name.utf8.count)
      }
    }
    #expect(
      text == #"{"texts":["a","b"],"some":[1,null,3],"points":[[1,2],[3,4]],"lengths":[1,2],"odd":[1,3],"#
        + #""people":[{"name":"Ann","length":3},{"name":"Bo","length":2}]}"#)
    #expect(value { $0.array(of: [true, false]) } == "[true,false]")
    #expect(value { $0.array(of: 1...2) { json, number in json.number(Double(number) / 2) } } == "[0.5,1]")
    #expect(value { $0.objects(of: [5]) { $0.member("n", $1) } } == #"[{"n":5}]"#)
  }

  @Test("The object of a value is null without the value")
  func optionalObjects() {
    let text = object { json in
      json.object("one", of: 1 as Int?) { $0.member("n", $1) }
      json.object("none", of: Int?.none) { $0.member("n", $1) }
      json.member("after", 2)
    }
    #expect(text == #"{"one":{"n":1},"none":null,"after":2}"#)
  }

  @Test("A name that is known at run time only is escaped")
  func namesOfRunTime() {
    let text = object { json in
      json.member(named: "a\"", 1)
      json.member(named: "", raw: "[2]".utf8)
      json.member(named: "c\\") { $0.array(of: [3]) }
      json.member(named: "d", String?.none)
    }
    #expect(text == #"{"a\"":1,"":[2],"c\\":[3],"d":null}"#)
  }

  @Test("Parsed names and values, and texts that already are JSON, are written as they are")
  func parsedAndRaw() throws {
    let text = try JSONDocument.parse(Array(#"{ "a\n" : { "b" : [ 1.50 , null ] }, "c" : "d" }"#.utf8)) { (root) throws(Never) in
      object { json in
        for (name, value) in root.members { json.member(name, value) }
        for (name, _) in root.members { json.member(name, raw: "0".utf8) }
        for (name, _) in root.members { json.member(name) { $0.string("e") } }
        json.member("value", root["c"])
        json.member("raw", raw: Array(#"{"f":1}"#.utf8))
      }
    }
    #expect(text == #"{"a\n":{"b":[1.5,null]},"c":"d","a\n":0,"c":0,"a\n":"e","c":"e","value":"d","raw":{"f":1}}"#)
  }

  @Test("A value type writes itself as a member and as an element")
  func ownValues() {
    let text = object { json in
      json.member("at", Point(x: 0, y: -1))
      json.member("nowhere", Point?.none)
      json.member(named: "there", Point(x: 5, y: 6))
    }
    #expect(text == #"{"at":[0,-1],"nowhere":null,"there":[5,6]}"#)
  }

  @Test("A closure's error reaches the caller with its type")
  func errors() {
    #expect(throws: Unwritable.self) {
      try JSONWriter.object { (json) throws(Unwritable) in
        try json.array("rows", of: [1, 2]) { (json, number) throws(Unwritable) in
          guard number < 2 else { throw Unwritable() }
          json.integer(number)
        }
      }
    }
    do throws(Unwritable) {
      let text = try JSONWriter.array { (json) throws(Unwritable) in try json.object { (_) throws(Unwritable) in throw Unwritable() } }
      Issue.record("got \(text.count) bytes")
    } catch {}
  }

  @Test("A text grows beyond its first room without a change")
  func growth() {
    let names = (0..<500).map { "name \($0)" }
    let text = String(decoding: JSONWriter.object(capacity: 16) { $0.array("names", of: names) }, as: UTF8.self)
    #expect(text == "{\"names\":[\"" + names.joined(separator: "\",\"") + "\"]}")
  }
}
