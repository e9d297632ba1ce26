internal import JSON
internal import Schemas

extension OpenAPI {
  func writeComponents(to json: inout JSONWriter) {
    json.schemas(of: namedObjects, Self.style)
    json.object("responses") { json in
      var written: Set<String> = []
      for answer in RefusalKind.allCases.flatMap(\.answers) where written.insert(answer.name).inserted {
        for form in RefusalForm.allCases {
          json.object(named: form.prefix + answer.name) { json in
            json.member("description", answer.meaning)
            json.object("headers") { json in
              json.reference(named: "X-Correlation-ID", to: "#/components/headers/X-Correlation-ID")
              for (statuses, header) in [([429, 503], "Retry-After"), ([401], "WWW-Authenticate"), ([405], "Allow")]
              where statuses.contains(answer.status) {
                json.reference(named: header, to: "#/components/headers/\(header)")
              }
            }
            Self.writeContent(to: &json, schema: form.schema, example: nil)
          }
        }
      }
    }
    json.object("parameters") { json in
      for header in RequestHeader.allCases {
        json.object(named: header.componentName) { json in
          json.member("name", header.rawValue)
          json.member("in", "header" as StaticString)
          json.member("description", header.meaning)
          json.member("schema") { header.schema.write(to: &$0, Self.style) }
        }
      }
    }
    json.object("headers") { json in
      for (name, schema, meaning) in Self.answerHeaders {
        json.object(named: name) { json in
          json.member("description", meaning)
          json.member("schema") { schema.write(to: &$0, Self.style) }
        }
      }
    }
    json.object("securitySchemes") { json in
      json.object("token") { json in
        json.member("type", "http" as StaticString)
        json.member("scheme", "bearer" as StaticString)
        json.member("bearerFormat", "JWT" as StaticString)
        json.member(
          "description", "HS256, RS256, PS256 or ES256; with the subject, its role and school, and a teacher's students" as StaticString)
      }
      json.object("sidecar") { json in
        json.member("type", "apiKey" as StaticString)
        json.member("in", "header" as StaticString)
        json.member("name", "dapr-api-token" as StaticString)
        json.member("description", "the token of the service's own sidecar" as StaticString)
      }
    }
  }

  var namedObjects: [ObjectSchema] {
    let declarations = intents.map { $0.declaration }
    let own = declarations.flatMap { declaration in
      declaration.fields.flatMap(\.schema.namedObjects) + declaration.answers.flatMap { Schema.object($0.data).namedObjects }
    }
    let others = paths.flatMap { path in (path.answers.compactMap(\.schema) + [path.body].compactMap(\.self)).flatMap(\.namedObjects) }
    return own + ProcessRequest.schema(of: declarations).namedObjects + RefusalForm.allCases.flatMap(\.schema.namedObjects)
      + others
  }

  static let answerHeaders: [(name: String, schema: Schema, meaning: String)] = [
    ("X-Correlation-ID", .eventID, "ties the answer to log lines and audit records"),
    ("X-RateLimit-Limit", .integer(1...Int64.max), "how many requests of this kind are taken in 60 seconds; not for unlimited callers"),
    ("X-RateLimit-Remaining", .integer(0...Int64.max), "how many of them are left"),
    ("X-RateLimit-Used", .integer(0...Int64.max), "how many of them are used"),
    ("X-RateLimit-Reset", .integer(0...Int64.max), "when the window ends, in seconds since 1970"),
    ("Retry-After", .integer(0...Int64.max), "after how many seconds another try makes sense"),
    ("WWW-Authenticate", .text(TextForm()), "what is wrong with the token (RFC 6750)"),
    ("Allow", .text(TextForm()), "the methods of the path"),
  ]
}
