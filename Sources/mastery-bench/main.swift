await Bench.run()
