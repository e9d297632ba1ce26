internal import Schemas

/// The form in which a refusal is answered.
enum RefusalForm: CaseIterable, Sendable {
  /// In the envelope of all answers.
  case envelope
  /// In that of `/process`, or, where it was refused before its body was read, in the other.
  case process
  /// As an error of JSON-RPC.
  case rpc

  /// What the names of such answers begin with in documents.
  var prefix: String {
    switch self {
    case .envelope: ""
    case .process: "Process"
    case .rpc: "RPC"
    }
  }

  /// What such an answer holds.
  var schema: Schema {
    switch self {
    case .envelope: OpenAPI.failure
    case .process: OpenAPI.processFailure
    case .rpc: OpenAPI.rpcFailure
    }
  }
}

extension OpenAPI {
  /// The form of an error of JSON-RPC.
  static let rpcError = ObjectSchema(
    "RPCError", "why a message is refused, or fails", isOpen: true,
    [
      .init("code", .integer(nil), "JSON-RPC's or MCP's code, or the HTTP status"),
      .init("message", .text(TextForm()), "what is wrong, in a sentence"),
      .init("data", .object(ObjectSchema(isOpen: true, [])), "more about it; of a problem its code and details", isRequired: false),
    ])

  /// The form of what is refused by JSON-RPC.
  static let rpcFailure = Schema.object(
    ObjectSchema(
      "RPCFailure", "why there is no result", isOpen: true,
      [
        .init("jsonrpc", .word(["2.0"]), "the version of JSON-RPC"),
        .init("id", .either([.text(TextForm()), .integer(nil)]), "the request's id, if it could be read", isRequired: false),
        .init("error", .object(rpcError), "what is wrong"),
      ]))
}
