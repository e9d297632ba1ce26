/// The release of the service.
public enum ServiceVersion {
  /// The version in semantic versioning.
  public static let current = "0.1.0"
}
