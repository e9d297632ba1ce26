import CFuzzer
import Foundation

/// What the command line asks for: the targets' names, their seeds as files, or one target under the fuzzer.
enum Campaign {
  private static let arguments = CommandLine.arguments
  private static let target = FuzzTarget.all.first { $0.name == arguments.dropFirst().first }

  static func run() throws -> CInt {
    switch arguments.dropFirst().first {
    case "--targets":
      for target in FuzzTarget.all { print(target.name) }
      return 0
    case "--seeds" where arguments.count == 3:
      for target in FuzzTarget.all { try write(target, below: URL(filePath: arguments[2])) }
      return 0
    default:
      guard target != nil else {
        FileHandle.standardError.write(Data("mastery-fuzz --targets | --seeds FOLDER | TARGET [option of libFuzzer]… [FOLDER]…\n".utf8))
        return 64
      }
      return fuzz()
    }
  }

  private static func write(_ target: FuzzTarget, below folder: URL) throws {
    let own = folder.appending(path: target.name)
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    for (number, seed) in try target.seeds().enumerated() { try Data(seed).write(to: own.appending(path: "seed-\(number)")) }
  }

  private static func fuzz() -> CInt {
    var count = CommandLine.argc - 1
    var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
    return LLVMFuzzerRunDriver(&count, &words) { start, count in
      do {
        try Campaign.target?.run(Array(UnsafeBufferPointer(start: start, count: count)))
      } catch {
        fatalError("\(error)")
      }
      return 0
    }
  }
}
