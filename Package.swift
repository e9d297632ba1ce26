// swift-tools-version: 6.2
import PackageDescription

/// Set by `.ci/fuzz`: everything is compiled for libFuzzer, and the fuzz targets are a program instead of tests.
let isFuzzed = Context.environment["MASTERY_FUZZ"] != nil

/// Set by whoever follows the code in a debugger: nothing is optimised then.
let isFollowed = Context.environment["MASTERY_DEBUG"] != nil

/// What every Swift target of the package is compiled with.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  // Swift 6.3.1 optimises `self = Self()` in a mutating function so that what was read from the old value before is given back
  // once too often: memory that is freed and used. Without this pass it does not.
  .unsafeFlags(isFollowed ? [] : ["-Xllvm", "-sil-disable-pass=temp-lvalue-elimination"]),
  .unsafeFlags(isFuzzed ? ["-sanitize=fuzzer"] : []),
]

/// What is tested is optimised in debug builds too, as it is where it is deployed: tests of what is not take three times as long.
let optimised: [SwiftSetting] = isFollowed ? [] : [.unsafeFlags(["-O"], .when(configuration: .debug))]

func room(_ name: String, in folder: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(folder)", exclude: exclude, swiftSettings: strict + optimised)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: "Sources/Programs/\(name)", swiftSettings: strict)
}

func library(_ name: String, pkgConfig: String?, debian: String) -> Target {
  .systemLibrary(name: name, path: "Sources/Platform/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([debian])])
}

func tests(_ room: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(room)Tests", dependencies: [.init(stringLiteral: room)] + dependencies,
    path: "Tests/\(room)Tests", resources: resources, swiftSettings: strict)
}

let fuzzed: [Target.Dependency] = [
  "Commands", "MasteryCore", "MasteryService", "DevSidecar", "HTTPServer", "JSON", "Simulation",
]
let fuzzing: [Target] =
  isFuzzed
  ? [
    .systemLibrary(name: "CFuzzer", path: "Sources/Platform/System/CFuzzer"),
    .executableTarget(
      name: "mastery-fuzz", dependencies: fuzzed + ["CFuzzer"], path: "Tests/Fuzzing", exclude: ["FuzzTests.swift"],
      swiftSettings: strict, linkerSettings: [.linkedLibrary("stdc++")]),
  ] : [.testTarget(name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzzing", exclude: ["Driver"], swiftSettings: strict)]

let package = Package(
  name: "mastery-engine",
  products: [
    .executable(name: "mastery-engine", targets: ["mastery-engine"]), .executable(name: "mastery-sim", targets: ["mastery-sim"]),
  ],
  targets: [
    // What it speaks through; none of it knows the engine.
    room("Encodings", in: "Platform/Encodings", ["CCrypto"]),
    room("JSON", in: "Platform/JSON", ["CSimdJSON"]),
    room("Metrics", in: "Platform/Metrics"),
    room("Schemas", in: "Platform/Schemas", ["JSON"]),
    room("HTTPServer", in: "Platform/HTTPServer", ["CSockets", "CTLS"]),
    room("HTTPClient", in: "Platform/HTTPClient", ["CCurl"]),
    room("DaprClient", in: "Platform/DaprClient", ["Encodings", "HTTPClient", "JSON"]),
    room("Tracing", in: "Platform/Tracing", ["Encodings", "HTTPClient", "JSON"]),

    // The engine: its rules, and the service around them.
    room("MasteryCore", in: "Engine/Core"),
    room(
      "MasteryService", in: "Engine",
      ["MasteryCore", "DaprClient", "Encodings", "HTTPServer", "JSON", "Metrics", "Schemas", "Tracing", "CCrypto", "CJose", "CZones"],
      exclude: ["Core"]),

    // What it is developed with: a sidecar, a second, naive working-out of what it should come to, and simulated worlds.
    room(
      "DevSidecar", in: "Development/DevSidecar",
      ["Encodings", "HTTPServer", "HTTPClient", "JSON", "CAvro", "CCrypto", "CSQLite", "CYAML"]),
    room("NaiveMastery", in: "Development/NaiveMastery"),
    room("LoadTesting", in: "Development/LoadTesting", ["JSON", "CSockets"]),
    room(
      "Simulation", in: "Development/Simulation",
      ["NaiveMastery", "MasteryCore", "MasteryService", "DaprClient", "Encodings", "HTTPServer", "JSON"]),

    // What people run.
    room(
      "Commands", in: "Programs/Commands",
      [
        "MasteryCore", "MasteryService", "DaprClient", "DevSidecar", "Encodings", "HTTPServer", "HTTPClient", "JSON", "Metrics", "Tracing",
        "CBuiltIn", "CLibc", "CZlib",
      ]),
    program("mastery-engine", ["Commands", "CJemalloc"]),
    program("mastery-sim", ["Commands", "Simulation"]),
    program(
      "mastery-bench",
      [
        "CBuiltIn", "CJemalloc", "Commands", "MasteryCore", "MasteryService", "DaprClient", "DevSidecar", "HTTPServer", "HTTPClient",
        "JSON", "LoadTesting",
      ]),

    // What the system brings.
    library("CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
    library("CTLS", pkgConfig: "libssl", debian: "libssl-dev"),
    .systemLibrary(name: "CSockets", path: "Sources/Platform/System/CSockets"),
    library("CCrypto", pkgConfig: "libcrypto", debian: "libssl-dev"),
    // Without its pkg-config file: that asks for jansson's, which the package does not bring.
    library("CJose", pkgConfig: nil, debian: "libcjose-dev"),
    library("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
    library("CYAML", pkgConfig: "yaml-0.1", debian: "libyaml-dev"),
    library("CAvro", pkgConfig: "avro-c", debian: "libavro-dev"),
    library("CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
    .target(
      name: "CZones", path: "Sources/Platform/System/CZones", cxxSettings: [.define("USE_OS_TZDB", to: "1")],
      linkerSettings: [.linkedLibrary("date-tz")]),
    .target(name: "CBuiltIn", path: "Sources/Programs/CBuiltIn", exclude: ["README.md", "course.events.jsonl.gz", "make-course"]),
    .systemLibrary(name: "CLibc", path: "Sources/Platform/System/CLibc"),
    .target(name: "CJemalloc", path: "Sources/Platform/System/CJemalloc", linkerSettings: [.linkedLibrary("jemalloc")]),
    .target(
      name: "CSimdJSON", path: "Sources/Platform/System/CSimdJSON",
      cxxSettings: [.unsafeFlags(["-O2"])], linkerSettings: [.linkedLibrary("simdjson")]),

    // Tests mirror the rooms.
    tests("MasteryCore", ["NaiveMastery"], resources: [.copy("Samples")]),
    tests("JSON"),
    tests("Metrics"),
    tests("Schemas", ["JSON"]),
    .target(name: "WireTesting", dependencies: ["HTTPServer"], path: "Tests/WireTesting", swiftSettings: strict),
    tests("HTTPServer", ["HTTPClient", "WireTesting"]),
    tests("HTTPClient", ["HTTPServer", "WireTesting"]),
    tests("DaprClient", ["HTTPServer", "HTTPClient", "JSON", "WireTesting"], resources: [.copy("Recordings")]),
    tests("Tracing", ["HTTPServer", "HTTPClient", "JSON", "WireTesting"]),
    tests("DevSidecar", ["DaprClient", "Encodings", "HTTPServer", "HTTPClient", "JSON", "WireTesting"], resources: [.copy("Recordings")]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "MasteryCore", "MasteryService", "DevSidecar", "DaprClient", "HTTPServer", "HTTPClient", "JSON", "NaiveMastery", "mastery-engine",
        "Simulation", "WireTesting",
      ],
      path: "Tests/EndToEndTests", swiftSettings: strict),
    tests(
      "MasteryService",
      [
        "MasteryCore", "DaprClient", "Encodings", "HTTPClient", "HTTPServer", "JSON", "Metrics", "Schemas", "Simulation", "Tracing",
        "WireTesting",
      ],
      resources: [.copy("Access/Tokens")]),
    tests("LoadTesting", ["HTTPServer", "JSON", "WireTesting"]),
    tests("Simulation", ["mastery-sim", "DaprClient", "HTTPServer", "WireTesting"]),
    .testTarget(
      name: "MasteryEngineTests",
      dependencies: [
        "Commands", "mastery-engine", "MasteryCore", "MasteryService", "DaprClient", "HTTPClient", "HTTPServer", "JSON", "Metrics",
        "CYAML", "CZlib", "WireTesting",
      ],
      path: "Tests/MasteryEngineTests", swiftSettings: strict),
  ] + fuzzing,
  cxxLanguageStandard: .cxx17
)
