import Glibc

// Not `await` at top level: that ends the main thread, which valgrind cannot follow, and instructions are what it counts exactly.
Task.detached {
  await Bench.run()
  exit(0)
}
while true { pause() }
