import Commands
import Glibc

// Not `await` at top level: that ends the main thread, which valgrind cannot follow, and instructions are what it counts exactly.
Task.detached {
  var arguments = Array(CommandLine.arguments.dropFirst())
  // A group may be named like a command: `mastery-bench kafka`.
  if let group = arguments.first.flatMap({ Bench(rawValue: $0) }) { arguments.replaceSubrange(..<1, with: ["--only", group.rawValue]) }
  exit(await Program.run(only: BenchCommand.self, arguments))
}
while true { pause() }
