import Commands
import Glibc

exit(await Program.run(only: SimulateCommand.self, Array(CommandLine.arguments.dropFirst())))
