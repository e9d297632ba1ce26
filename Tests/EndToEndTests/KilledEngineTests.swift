import DevSidecar
import Foundation
import MasteryCore
import Testing

@testable import MasteryService

extension EndToEnd {
  @Suite("A killed engine") struct KilledEngineTests {
    @Test("An engine killed ten times while events flow, and started again, loses no evidence, result or announcement")
    func killedTenTimes() async throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: "mastery-engine-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      let course = try Course.load().shiftedToNow
      let rig = try await Rig(profile: .sqlite, data: folder.path)
      var engine = try EngineProcess.serve(beside: rig)
      let parts = 10
      for part in 0..<parts {
        let size = (course.lines.count + parts - 1) / parts
        try await rig.publish(course.lines[(part * size)..<min((part + 1) * size, course.lines.count)])
        try await Self.someProgress(rig, untilUndelivered: size / 2)
        engine.kill()
        engine = try EngineProcess.serve(beside: rig)
      }
      await rig.sidecar.idle()

      let documents = try await rig.documents(of: Array(Set(try course.lines.map(Comparison.key))))
      try Comparison.check(course, documents)
      let said = try Said(rig.published)
      said.check(documents)
      #expect(said.deadLetters == 0)
      #expect(await engine.terminate() == 0, "\(engine.output)")
      await rig.stop()
    }

    /// Waits until the engine has begun on the published events, at a moment that no two runs share.
    private static func someProgress(_ rig: Rig, untilUndelivered most: Int) async throws {
      for _ in 0..<2_000 {
        if rig.sidecar.statistics.values.reduce(0, { $0 + $1.undelivered }) <= most { return }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }
}
