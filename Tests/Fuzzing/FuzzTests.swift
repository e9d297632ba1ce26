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
