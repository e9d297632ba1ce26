import Commands
import Glibc

// No `await` at top level: it ends the main thread, which valgrind cannot follow, and valgrind counts the instructions exactly.
Task.detached {
  var arguments = Array(CommandLine.arguments.dropFirst())
  // A group may have the name of a command: `mastery-bench kafka`.
  if let group = arguments.first.flatMap({ Bench(rawValue: $0) }) { arguments.replaceSubrange(..<1, with: ["--only", group.rawValue]) }
  if arguments.first == "load" { exit(await Program.run(only: LoadCommand.self, Array(arguments.dropFirst()))) }
  exit(await Program.run(only: BenchCommand.self, arguments))
}
while true { pause() }
