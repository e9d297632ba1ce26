internal import DaprClient

/// A secret store's answer for one secret.
enum SecretAnswer: Hashable, Sendable {
  /// The secret's values by name.
  case values([String: String])
  /// There is no such secret.
  case missing
  /// The service may not read it.
  case denied(String)
  /// The store fails now, with the reason.
  case failed(String)
  /// The store can never be used with this configuration, with the reason.
  case unusable(String)

  /// Interprets why the sidecar did not return a secret.
  ///
  /// The sidecar answers 500 both for a missing secret and for a failing store; only the store's own message distinguishes them.
  init(_ failure: SidecarFailure, name: String) {
    switch failure {
    case .failed(_, _, let message) where Self.saysMissing(message, name): self = .missing
    case .failed(let status, _, let message): self = .failed("status \(status): \(message.prefix(300))")
    case .refused(status: 403, _, let message): self = .denied(String(message.prefix(300)))
    case .refused(let status, _, let message): self = .unusable("status \(status): \(message.prefix(300))")
    case .unauthorized(let message) where message.contains("secret store"): self = .unusable("status 401: \(message.prefix(300))")
    case .unauthorized: self = .unusable("the sidecar answers 401: DAPR_API_TOKEN is missing or is not the token that the sidecar asks for")
    case .unreachable(let why), .broken(let why), .spoiled(let why), .unintelligible(let why): self = .failed(why)
    case .timedOut: self = .failed("no answer in time")
    case .conflict(_, let message): self = .failed(message)
    }
  }

  /// Whether a store's message means that the secret does not exist: "secret jwt-jwks not found", or the wording of other stores.
  private static func saysMissing(_ message: String, _ name: String) -> Bool {
    // The text before the store's own message contains the secret's name too.
    let prefix = "failed getting secret with key \(name) from secret store "
    let own = message.hasPrefix(prefix) ? message.dropFirst(prefix.count) : message[...]
    let words = own.lowercased()
    let named = name.lowercased()
    return ["secret \(named) not found", "\"\(named)\" not found", "'\(named)' not found"].contains(where: words.contains)
      || othersWords.contains(where: words.contains)
  }

  /// The wording of the cloud providers' stores and Vault, in lower case.
  private static let othersWords = [
    "secret key or version not exist", "secretnotfound", "resourcenotfoundexception", "parameternotfound", "code = notfound",
  ]
}
