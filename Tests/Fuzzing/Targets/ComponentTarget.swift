@testable import DevSidecar

extension FuzzTarget {
  /// Any component file is either used or refused by the name of its field.
  static let components = FuzzTarget(name: "components") {
    try Recordings.componentFiles()
      + ["a: &a [1, 2]\nb: *a\n", "&a [*a]", "duration: 1h2m3.5s", "? [a]\n: b", "--- !!binary aGk=\n...\n--- |\n x\n"].map {
        Array($0.utf8)
      }
  } run: { bytes throws(Broken) in
    do {
      var components = Components()
      try components.add(bytes, file: "file.yaml")
      for target in components.resiliency.targets.values {
        guard let retry = target.inboundRetry else { continue }
        for number in [1, 2, 400] {
          try Broken.unless(retry.pause(before: number).map { $0 >= 0 } ?? true, "a pause is negative")
        }
      }
    } catch let error as Broken {
      throw error
    } catch {
      try Broken.unless(
        "\(error)".contains("file.yaml") || "\(error)".contains("component"), "the refusal does not name the file: \(error)")
    }
  }
}
