internal import JSON

/// The outcome of a load: figures with their bounds, latencies, and how it went second by second.
public struct LoadReport: Sendable {
  /// One second of the load.
  public struct Sample: Sendable, Hashable {
    /// Seconds from its beginning.
    public var second = 0
    /// Events that the broker has taken so far.
    public var published = 0
    /// Events that are done so far.
    public var done = 0
    /// Calls that have been answered from 200 to 299 so far.
    public var served = 0
    /// Calls that have been answered 503 so far.
    public var unavailable = 0
    /// Calls that have ended in any other way so far.
    public var failed = 0
    /// Resident memory of the engine's processes in MB.
    public var memory = 0.0
    /// Open files of the engine's processes.
    public var files = 0
    /// What `/ready` says is away, empty when it says that all is there.
    public var away: [String] = []

    /// A second in which nothing has happened.
    public init() {}
  }

  /// The form of the JSON; a later form has a higher number.
  private static let schema = 1

  /// What was run.
  public let scenario: String
  /// When it began, as ISO 8601.
  public let began: String
  /// The version of the program.
  public let version: String
  /// How it was set, by name.
  public let settings: [(name: String, value: Int)]
  /// The figures, in the order of the table.
  public var figures: [Figure] = []
  /// Latencies by name.
  public var latencies: [(name: String, histogram: LatencyHistogram)] = []
  /// The seconds of the load.
  public var samples: [Sample] = []
  /// What went wrong, a line each, of many only the first.
  public var remarks: [String] = []

  /// A report without figures.
  public init(scenario: String, began: String, version: String, settings: [(name: String, value: Int)]) {
    (self.scenario, self.began, self.version, self.settings) = (scenario, began, version, settings)
  }

  /// The figures that are not what they have to be.
  public var missed: [Figure] { figures.filter { $0.isMet == false } }

  /// The report as JSON.
  public var json: [UInt8] {
    JSONWriter.object(capacity: 4096 + samples.count * 160) { json in
      json.member("schema", Self.schema)
      json.member("scenario", scenario)
      json.member("began", began)
      json.member("version", version)
      json.object("settings") { json in for (name, value) in settings { json.member(named: name, value) } }
      json.member("met", missed.isEmpty)
      json.objects("figures", of: figures) { Self.write($1, to: &$0) }
      json.objects("latencies", of: latencies) { Self.write($1.name, $1.histogram, to: &$0) }
      json.array("remarks", of: remarks)
      json.objects("samples", of: samples) { Self.write($1, to: &$0) }
    }
  }

  private static func write(_ figure: Figure, to json: inout JSONWriter) {
    json.member("name", figure.name)
    json.member("value", figure.value)
    json.member("unit", figure.unit)
    if let bound = figure.bound { json.member("bound", bound.description) }
    if let isMet = figure.isMet { json.member("met", isMet) }
  }

  /// Latencies in milliseconds.
  private static func write(_ name: String, _ histogram: LatencyHistogram, to json: inout JSONWriter) {
    json.member("name", name)
    json.member("count", histogram.count)
    json.member("unit", "ms")
    json.member("mean", histogram.mean / 1_000)
    for percentile in Percentile.shown { json.member(named: percentile.name, Double(histogram.value(at: percentile)) / 1_000) }
    json.member("max", Double(histogram.maximum) / 1_000)
  }

  private static func write(_ sample: Sample, to json: inout JSONWriter) {
    json.member("second", sample.second)
    json.member("published", sample.published)
    json.member("done", sample.done)
    json.member("served", sample.served)
    json.member("unavailable", sample.unavailable)
    json.member("failed", sample.failed)
    json.member("memory_mb", (sample.memory * 10).rounded() / 10)
    json.member("files", sample.files)
    json.array("away", of: sample.away)
  }
}
