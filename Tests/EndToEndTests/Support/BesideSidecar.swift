import DaprClient
import MasteryCore
import NaiveMastery

@testable import MasteryService

/// A test's own client of a sidecar, wherever that runs: it publishes, and reads the store.
protocol BesideSidecar: Sendable {
  var client: DaprClient { get }
}

/// A sidecar accepted nothing for over a minute.
struct SidecarStaysAway: Error {}

extension BesideSidecar {
  /// Publishes lines of a course in order, and repeats while the sidecar is away.
  func publish(_ lines: some Sequence<Course.Line>) async throws {
    for (topic, lines) in Dictionary(grouping: lines, by: \.topic) {
      for start in stride(from: 0, to: lines.count, by: 500) {
        let events = lines[start..<min(start + 500, lines.count)].map {
          OutgoingEvent(body: Array($0.text.utf8), contentType: "application/json", partitionKey: $0.naive.student)
        }
        var tries = 0
        while (try? await client.publish(events, to: topic, context: CallContext(deadline: 120_000)))?.isEmpty != true {
          tries += 1
          if tries > 3_000 { throw SidecarStaysAway() }
          try await Task.sleep(for: .milliseconds(20))
        }
      }
    }
  }

  /// The stored documents of those students who have one.
  func documents(of keys: [StudentKey]) async throws -> [StudentKey: StudentDocument] {
    let store = StudentStore(sidecar: client, retentionDays: 90)
    var documents: [StudentKey: StudentDocument] = [:]
    for start in stride(from: 0, to: keys.count, by: 500) {
      let some = Array(keys[start..<min(start + 500, keys.count)])
      for (key, found) in zip(some, try await store.load(some, context: CallContext(deadline: 120_000))) {
        if case .document(let document) = found.stored { documents[key] = document }
      }
    }
    return documents
  }
}
