internal import DaprClient

/// What a secret store says of one secret.
enum SecretAnswer: Hashable, Sendable {
  /// Its values by name.
  case values([String: String])
  /// There is no such secret.
  case missing
  /// The service may not read it.
  case denied(String)
  /// The store does not tell now; why.
  case failed(String)
  /// The store can never be asked as things are; why.
  case unusable(String)

  /// Reads why the sidecar did not hand out a secret.
  ///
  /// The sidecar answers 500 for a secret that is missing and for a store that fails; only the store's own words tell which.
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

  /// Whether a store's words mean that there is no such secret: "secret jwt-jwks not found", or what other stores say in its place.
  private static func saysMissing(_ message: String, _ name: String) -> Bool {
    // What stands before the store's own words names the secret too.
    let prefix = "failed getting secret with key \(name) from secret store "
    let own = message.hasPrefix(prefix) ? message.dropFirst(prefix.count) : message[...]
    let words = own.lowercased()
    let named = name.lowercased()
    return ["secret \(named) not found", "\"\(named)\" not found", "'\(named)' not found"].contains(where: words.contains)
      || othersWords.contains(where: words.contains)
  }

  /// How the stores of the cloud providers and Vault word it, in lower case.
  private static let othersWords = [
    "secret key or version not exist", "secretnotfound", "resourcenotfoundexception", "parameternotfound", "code = notfound",
  ]
}
