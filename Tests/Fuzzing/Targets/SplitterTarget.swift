import JSON
import MasteryCore

@testable import MasteryService

extension FuzzTarget {
  /// A large delivery is split the same way however it arrives, within bounded memory, and as it is read whole.
  static let splitter = FuzzTarget(name: "splitter") {
    try Recordings.callbacks().map(\.body)
      + [
        #"{"entries":[0,0,0]}"#, #"{"entries":[{"entryId":"1","event":{"a":[[[[[[{}]]]]]]}}]}"#, #"{"entries":[{"event":"\"}]"},[],{}]}"#,
        #"{"id":"b","entries":[{"entryId":"1","entryId":"2","event":1,"event":{"student_id":"s"}}],"entries":[1]}"#,
        #"{"event_type":"quiz","entries":[{"entryId":"1"}]}"#, #"{"entries":{"a":[1]},"x":"\u0000"}"#, #"{"entries":[{"#, #"{"a":"#,
        // A piece may end within a character.
        #"{"é":"é","entries":[{"event":"Zoë 😀"},["é😀é😀"]]}"#,
      ].map { Array($0.utf8) }
  } run: { bytes throws(Broken) in
    // The limits are small, so that small inputs reach them.
    for limit in [8, 64, 4_096] {
      let whole = split(bytes, limit, pieces: [bytes.count])
      for size in [1, 3, 64] {
        let pieces = split(bytes, limit, pieces: [size])
        try Broken.unless(pieces == whole, "pieces of \(size) bytes are taken apart in another way")
      }
      try Broken.unless(whole.most <= 3 * (limit + bytes.count) + (64 << 10), "\(whole.most) bytes are held of \(bytes.count)")
    }
  }

  /// The splitter's findings, with consecutive parts joined.
  private struct Taken: Equatable {
    struct Found: Equatable {
      let kind: String
      var text: [UInt8]
    }

    var found: [Found] = []
    var skeleton: [UInt8] = []
    var isSplit = false
    var most = 0

    static func == (one: Self, other: Self) -> Bool {
      one.found == other.found && one.skeleton == other.skeleton && one.isSplit == other.isSplit
    }

    mutating func note(_ kind: String, _ text: [UInt8] = []) {
      if kind == "part" || kind == "preamble", found.last?.kind == kind {
        found[found.count - 1].text += text
      } else {
        found.append(Found(kind: kind, text: text))
      }
    }
  }

  private static func split(_ bytes: [UInt8], _ limit: Int, pieces: [Int]) -> Taken {
    var splitter = JSONSplitter(splitting: "entries", unless: ["event_type", "specversion"], elementLimit: limit, lookingFor: "event")
    var taken = Taken()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + max(pieces[0], 1))
      bytes[start..<end].withUnsafeBytes { piece in
        var position = 0
        while let found = splitter.next(in: piece, from: &position) {
          switch found {
          case .element(let text): taken.note("element", Array(text))
          case .preamble(let text): taken.note("preamble", Array(text))
          case .part(let text): taken.note("part", Array(text))
          case .innerBegins: taken.note("begins")
          case .innerEnds: taken.note("ends")
          case .large(let text): taken.note("large", Array(text))
          }
        }
      }
      taken.most = max(taken.most, splitter.heldBytes)
      start = end
    }
    (taken.skeleton, taken.isSplit) = (splitter.skeleton, splitter.isSplit)
    return taken
  }
}
