import Commands
import DaprClient
import HTTPServer
import JSON
import MasteryCore
import MasteryService

/// Good and hostile tokens from a file of the tests: the cost of refusing a hostile one.
struct HostileTokens {
  /// When the tokens of the file are valid, in milliseconds since 1970.
  private static let noon: Int64 = 1_773_576_000_000
  private static let repeats = 20
  private static let rounds = 5

  private var configuration = Configuration()
  private var good = ""
  private var bad: [(name: String, token: String)] = []

  /// Reads a file.
  ///
  /// - Throws: `BenchFailure` if it is not one.
  init(_ path: String) throws(BenchFailure) {
    var text: [UInt8] = []
    do throws(CommandFailure) {
      var lines = try EventFile(path: path, readsTwice: false).lines()
      while let line = try lines.next() { text += Array(line) + [0x0A] }
    } catch {
      throw BenchFailure("\(path) cannot be read")
    }
    let isRead = try? JSONDocument.parse(text) { (root) throws(Never) in read(root) }
    guard isRead == true else { throw BenchFailure("\(path) holds no tokens") }
    bad.append(("100 kB", good + String(repeating: "A", count: 100_000)))
    bad.append(("100 kB of brackets", "eyJhbGciOiJIUzI1NiJ9.\(String(repeating: "W1tb", count: 25_000)).AAAA"))
  }

  private mutating func read(_ root: JSONValue) -> Bool {
    guard let keys = root["jwks"], let hostile = root["bad"], let good = root["good"]?["HS256 by PyJWT"]?.string else { return false }
    configuration.jwtSecret = root["secret"]?.string
    configuration.jwtIssuer = root["issuer"]?.string
    configuration.jwtAudience = root["audience"]?.string
    var json = JSONWriter()
    json.copy(keys)
    configuration.jwtKeys = json.text
    configuration.limitsRates = false
    self.good = good
    for (name, token) in hostile.members { bad.append((name.string, token.string ?? "")) }
    return true
  }

  /// Processor time of a request with the slowest hostile token, in microseconds; the floor is a request with a good token, never seen
  /// before, of the kind that is verified fastest.
  func worst() async -> (name: String, measured: Measured) {
    let floor = await time(good, isKnown: false)
    var worst = (name: "", microseconds: 0.0)
    for (name, token) in bad {
      let microseconds = await time(token, isKnown: true)
      if microseconds > worst.microseconds { worst = (name, microseconds) }
    }
    return (worst.name, Measured(figure: worst.microseconds, floor: floor))
  }

  /// The best of several rounds, so that other load of the machine does not count.
  private func time(_ token: String, isKnown: Bool) async -> Double {
    let request = HTTPRequest(
      head: HTTPRequestHead(
        method: "POST", target: "/process",
        fields: [HTTPField("Content-Type", "application/json"), HTTPField("Authorization", "Bearer \(token)")]),
      body: Array(Chain.calculation.utf8))
    var best = Double.infinity
    for _ in 0..<Self.rounds {
      let services = (0..<(isKnown ? 1 : Self.repeats)).map { _ in service() }
      // A service reads its keys once.
      for service in services { _ = await service.answer(Self.warming) }
      let before = Measured.processorTime()
      for number in 0..<Self.repeats { _ = await services[number % services.count].answer(request) }
      best = min(best, Double(Measured.processorTime() - before) / Double(Self.repeats))
    }
    return best
  }

  private static let warming = HTTPRequest(
    head: HTTPRequestHead(method: "POST", target: "/process", fields: [HTTPField("Authorization", "Bearer e30.e30.AAAA")]),
    body: Array(Chain.calculation.utf8))

  private func service() -> MasteryService {
    let runtime = Runtime(now: { Timestamp(milliseconds: Self.noon) }, sleep: { _ in }, random: { 7 })
    return MasteryService(configuration, sidecar: MemorySidecar(), runtime: runtime, log: Log(level: .error, format: .json) { _ in })
  }
}
