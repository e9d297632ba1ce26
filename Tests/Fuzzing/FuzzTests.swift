import Testing

@Suite("Readers of bytes from outside")
struct FuzzTests {
  @Test(
    "Every reader of bytes from outside withstands every seed of the fuzzers, whole, cut short and with a byte changed",
    arguments: FuzzTarget.all.indices)
  func seeds(_ index: Int) async throws {
    let target = FuzzTarget.all[index]
    let seeds = try target.seeds()
    #expect(!seeds.isEmpty)
    for (number, seed) in seeds.enumerated() {
      try target.run(seed)
      // Other tests wait for the thread.
      await Task.yield()
      guard !seed.isEmpty else { continue }
      let middle = (number * 7_919) % seed.count
      try target.run(Array(seed[..<middle]))
      var changed = seed
      changed[middle] ^= UInt8(1 << (number % 8))
      try target.run(changed)
    }
  }
}

@Suite("The grammar that the fuzzers hold answers against")
struct JSONGrammarTests {
  @Test(
    "The grammar accepts JSON with numbers of any size and halves of surrogate pairs",
    arguments: [
      "0", "-1.5e+30", "888888888888888888881", #""\uD800""#, #" { "a" : [ true , null , {} ] } "#, "[]", #""é\n""#,
      String(repeating: "[", count: 2_000) + String(repeating: "]", count: 2_000),
    ])
  func accepts(_ text: String) { #expect(JSONGrammar.accepts(Array(text.utf8))) }

  @Test(
    "The grammar refuses what is not JSON",
    arguments: [
      "", "01", "1.", "-", "+1", ".5", "1e", "[1,]", "[1 2]", #"{"a"}"#, #"{"a":1,}"#, "{a:1}", #""\x""#, #""\u12g4""#, "\"a\nb\"", "tru",
      "[", "1 2", #"{"a":1"#,
    ])
  func refuses(_ text: String) { #expect(!JSONGrammar.accepts(Array(text.utf8))) }
}
