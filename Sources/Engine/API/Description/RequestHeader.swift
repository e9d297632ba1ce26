internal import Schemas

/// A header that a request may carry.
enum RequestHeader: String, CaseIterable, Sendable {
  case correlationID = "X-Correlation-ID"
  case school = "X-School-ID"
  case traceParent = "traceparent"
  case idempotencyKey = "Idempotency-Key"
  case mcpVersion = "MCP-Protocol-Version"
  case mcpMethod = "Mcp-Method"
  case mcpName = "Mcp-Name"

  /// Those that every request may have.
  static let common: [Self] = [.correlationID, .school, .traceParent]
  /// Those of messages of the Model Context Protocol.
  static let ofMCP: [Self] = [.correlationID, .school, .traceParent, .mcpVersion, .mcpMethod, .mcpName]

  /// The name under which documents list it.
  var componentName: String {
    switch self {
    case .correlationID: "CorrelationID"
    case .school: "SchoolID"
    case .traceParent: "TraceParent"
    case .idempotencyKey: "IdempotencyKey"
    case .mcpVersion: "MCPVersion"
    case .mcpMethod: "MCPMethod"
    case .mcpName: "MCPName"
    }
  }

  var meaning: String {
    switch self {
    case .correlationID: "ties the answer to the caller's work; one is made when it is missing or breaks the rule"
    case .school: "the school, for callers who may see all schools; others may name their own"
    case .traceParent: "the W3C trace that the request belongs to"
    case .mcpVersion: "the revision of the protocol; from 2026-07-28 on required, and the same as in params._meta"
    case .mcpMethod: "from 2026-07-28 on required: the method of the message"
    case .mcpName: "from 2026-07-28 on required with tools/call, prompts/get and resources/read: the name or address in params"
    case .idempotencyKey: "stands for the same event for 24 hours: a repetition gives the same answer"
    }
  }

  var schema: Schema {
    switch self {
    case .correlationID, .idempotencyKey: .eventID
    case .school: .identifier
    case .mcpVersion, .mcpMethod, .mcpName: .text(TextForm(pattern: "^[ -~]*$"))
    case .traceParent: .text(TextForm(pattern: "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"))
    }
  }
}
