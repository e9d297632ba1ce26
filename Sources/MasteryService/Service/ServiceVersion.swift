/// The release of the service.
public enum ServiceVersion {
  /// The version by semantic versioning.
  public static let current = "0.1.0"
}
