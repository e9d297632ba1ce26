import CZlib
import Foundation
import Testing

@testable import Commands

@Suite("Reading lines from a file")
struct LineReaderTests {
  /// A file that is removed with the test.
  private final class Scratch {
    let path = NSTemporaryDirectory() + "lines-" + UUID().uuidString

    init(_ bytes: [UInt8], packed: Bool) throws {
      if packed {
        let file = try #require(gzopen(path, "wb"))
        gzwrite(file, bytes, UInt32(bytes.count))
        gzclose(file)
      } else {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
      }
    }

    deinit { unlink(path) }
  }

  private func lines(_ bytes: [UInt8], packed: Bool) throws -> [String] {
    let scratch = try Scratch(bytes, packed: packed)
    let file = try EventFile(path: scratch.path, readsTwice: false)
    return try Self.all(file).map { $0.text }
  }

  private static func all(_ file: borrowing EventFile) throws -> [(number: Int, text: String)] {
    var reader = try file.lines()
    var found: [(number: Int, text: String)] = []
    while let line = try reader.next() { found.append((reader.number, String(decoding: line, as: UTF8.self))) }
    return found
  }

  @Test("Blank lines are skipped but counted, and the last line needs no line break", arguments: [false, true])
  func plain(packed: Bool) throws {
    let scratch = try Scratch(Array("a\n\n \t\r\nbb\r\nccc".utf8), packed: packed)
    let file = try EventFile(path: scratch.path, readsTwice: true)
    for _ in 1...2 {
      let found = try Self.all(file)
      #expect(found.map(\.text) == ["a", "bb\r", "ccc"])
      #expect(found.map(\.number) == [1, 4, 5])
    }
  }

  @Test("An empty file has no lines", arguments: [false, true])
  func empty(packed: Bool) throws {
    #expect(try lines([], packed: packed).isEmpty)
  }

  @Test("Lines of any length are read whole", arguments: [1, 2, 3])
  func lengths(seed: UInt64) throws {
    var random = Steps(state: seed)
    let expected = (0..<400).map { _ in
      String(
        repeating: Character(UnicodeScalar(UInt8.random(in: 97...122, using: &random))), count: Int.random(in: 1...9_000, using: &random))
    }
    #expect(try lines(Array(expected.joined(separator: "\n").utf8), packed: seed.isMultiple(of: 2)) == expected)
  }

  @Test("A line over 900,000 bytes is read as invalid JSON, and the next one is whole")
  func tooLong() throws {
    let long = [UInt8](repeating: UInt8(ascii: "1"), count: 3 << 20)
    #expect(try lines(long + Array("\nnext".utf8), packed: false) == ["{", "next"])
    #expect(try lines(long, packed: true) == ["{"])
  }

  @Test("A packed file that ends in the middle is an error, not a shorter file")
  func cutOff() throws {
    var random = Steps(state: 7)
    let scratch = try Scratch((0..<200_000).map { _ in UInt8.random(in: 32...126, using: &random) }, packed: true)
    let whole = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: scratch.path))
    let file = try EventFile(path: scratch.path, readsTwice: false)
    let failure = #expect(throws: CommandFailure.self) { try Self.all(file) }
    #expect(failure?.status == 66)
  }

  @Test("Bytes in memory are read like a file")
  func memory() throws {
    let file = try EventFile(holding: "one\ntwo\n")
    #expect(try Self.all(file).map(\.text) == ["one", "two"])
    #expect(file.size == 8)
  }

  @Test("A folder is not accepted as a file")
  func folder() throws {
    let file = try EventFile(path: "/tmp", readsTwice: false)
    #expect(throws: CommandFailure.self) { try Self.all(file) }
  }
}

extension EventFile {
  /// A file with the given text.
  init(holding text: String) throws(CommandFailure) {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    defer { bytes.deallocate() }
    bytes.copyBytes(from: text.utf8)
    self = try EventFile(name: "memory", bytes: UnsafeRawBufferPointer(bytes))
  }
}

/// A repeatable source of randomness.
struct Steps: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
