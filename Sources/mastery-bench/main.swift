import Commands
import Glibc

// Not `await` at top level: that ends the main thread, which valgrind cannot follow, and instructions are what it counts exactly.
Task.detached {
  exit(await Program.run(only: BenchCommand.self, Array(CommandLine.arguments.dropFirst())))
}
while true { pause() }
