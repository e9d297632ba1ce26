/// Media types as headers name them.
public enum MediaType {
  /// The type that a `Content-Type` header names, in lower case and without its parameters (RFC 9110, section 8.3.1).
  public static func name(in header: String) -> String {
    header.split(separator: ";").first.map { $0.lowercased().filter { $0 != " " } } ?? ""
  }
}
