internal import Synchronization

/// A family of values that go up and down, set by whoever knows them.
public final class Gauge<Labels: MetricLabels>: MetricFamily {
  /// The name, kind and labels.
  public let declaration: MetricDeclaration
  private let present = Mutex<[Labels: Double]>([:])

  /// Creates a family without samples.
  public init(_ name: String, _ help: String, labels: [String]) {
    declaration = MetricDeclaration(name, .gauge, help, labels: labels)
  }

  /// Sets the value under some labels.
  public func set(_ value: Double, _ labels: Labels) { present.withLock { $0[labels] = value } }

  /// Writes a sample for each of the labels.
  public func write(to exposition: inout Exposition) {
    exposition.begin(declaration)
    for (labels, value) in present.withLock(\.self).sortedByLabels {
      exposition.sample("", declaration.labels, labels, value)
    }
  }
}

extension Gauge where Labels == NoLabels {
  /// Creates a family without labels, with a value from the beginning.
  public convenience init(_ name: String, _ help: String, _ value: Double = 0) {
    self.init(name, help, labels: [])
    set(value)
  }

  /// Sets the value.
  public func set(_ value: Double) { set(value, NoLabels()) }
}

/// A family whose values are read when somebody asks for them.
public struct Reading: MetricFamily {
  /// One value and its labels.
  public typealias Sample = (labels: [String], value: Double)

  /// The name, kind and labels.
  public let declaration: MetricDeclaration
  private let read: @Sendable () -> [Sample]

  /// Creates a family from a closure that reads its samples.
  public init(_ declaration: MetricDeclaration, _ read: @escaping @Sendable () -> [Sample]) {
    self.declaration = declaration
    self.read = read
  }

  /// Creates a family with one value, which may be unknown.
  public init(_ declaration: MetricDeclaration, value: @escaping @Sendable () -> Double?) {
    self.init(declaration) { value().map { [([], $0)] } ?? [] }
  }

  /// Writes what is read now.
  public func write(to exposition: inout Exposition) {
    exposition.begin(declaration)
    for sample in read() {
      exposition.sample(declaration.kind == .counter ? "_total" : "", declaration.labels, sample.labels, sample.value)
    }
  }
}
