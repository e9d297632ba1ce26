/// Reads the Prometheus text format (version 0.0.4) strictly: each sample after its family's HELP and TYPE, and no family twice.
enum PrometheusText {
  struct Malformed: Error { var line: String }

  static func samples(_ text: String) throws -> [String: Double] {
    guard text.hasSuffix("\n") else { throw Malformed(line: "the end") }
    var samples: [String: Double] = [:]
    var helped: Set<String> = []
    var types: [String: String] = [:]
    var current: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if line.hasPrefix("# HELP ") {
        guard words.count == 4, helped.insert(words[2]).inserted else { throw Malformed(line: String(line)) }
      } else if line.hasPrefix("# TYPE ") {
        guard words.count == 4, helped.contains(words[2]), types[words[2]] == nil, ["counter", "gauge", "histogram"].contains(words[3])
        else { throw Malformed(line: String(line)) }
        types[words[2]] = words[3]
        current = words[2]
      } else {
        let sample = try sample(String(line), of: current, type: current.flatMap { types[$0] })
        guard samples.updateValue(sample.value, forKey: sample.name) == nil else { throw Malformed(line: String(line)) }
      }
    }
    return samples
  }

  /// How many events came to that, of whatever type.
  static func events(_ outcome: String, in samples: [String: Double]) -> Double {
    samples.filter { $0.key.hasPrefix("mastery_events_total{outcome=\"\(outcome)\",") }.values.reduce(0, +)
  }

  private static func sample(_ line: String, of family: String?, type: String?) throws -> (name: String, value: Double) {
    guard let family, let type, let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
      throw Malformed(line: line)
    }
    let name = String(line[..<space])
    let bare = name.prefix { $0 != "{" }
    let isOfFamily = bare == family || (type == "histogram" && ["_bucket", "_sum", "_count"].contains { bare == family + $0 })
    let labels = name.dropFirst(bare.count)
    let areLabels = labels.isEmpty || labels.wholeMatch(of: /\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\}/) != nil
    guard isOfFamily, areLabels, bare.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, type != "counter" || bare.hasSuffix("_total") else {
      throw Malformed(line: line)
    }
    return (name, value)
  }
}
