import JSON
import MasteryCore
import Schemas
import Simulation
import Testing

@testable import MasteryService

@Suite("Schemas of requests")
struct FieldSchemaTests {
  /// What an intent says of a request in which one field of its example is replaced, or left out.
  private static func complaint(_ intent: any Intent.Type, _ name: String, _ value: String?) throws -> JSONInvalid? {
    let example = Array(intent.declaration.example.description.utf8)
    let request = try JSONDocument.parse(example) { (root) throws(Never) in
      JSONWriter.object { json in
        for (key, member) in root.members where !key.matches(name) { json.member(key, member) }
        if let value { json.member(named: name, raw: value.utf8) }
      }
    }
    do throws(JSONFailure<JSONInvalid>) {
      _ = try JSONDocument.parse(request) { (root) throws(JSONInvalid) in try RequestHandler.intent(intent, root) }
      return nil
    } catch {
      guard case .reading(let invalid) = error else { throw error }
      return invalid
    }
  }

  @Test("Each intent's example is taken, keeps to its schema, and names every field that is required")
  func examples() throws {
    for intent in IntentTable.standard.all {
      let declaration = intent.declaration
      #expect(try Self.complaint(intent, "", nil) == nil, "\(declaration.name)")
      let faults = try JSONDocument.parse(Array(declaration.example.description.utf8)) { (root) throws(Never) in
        Schema.object(declaration.requestSchema).faults(in: root)
      }
      #expect(faults.isEmpty, "\(declaration.name)")
    }
  }

  @Test("A field is required where it is declared so, and nowhere else")
  func required() throws {
    for intent in IntentTable.standard.all {
      for field in intent.declaration.fields {
        let complaint = try Self.complaint(intent, field.name, nil)
        #expect((complaint?.constraint.hasPrefix("is required") ?? false) == field.isRequired, "\(intent.declaration.name).\(field.name)")
        let null = try Self.complaint(intent, field.name, "null")
        #expect((null == nil) == !field.isRequired, "\(intent.declaration.name).\(field.name)")
      }
    }
  }

  @Test("What keeps to a field's schema is not refused because of it, and what breaks it is refused, naming the field", arguments: 1...40)
  func values(_ seed: UInt64) throws {
    var values = RandomValue(random: SeededGenerator(seed: seed))
    for intent in IntentTable.standard.all {
      for field in intent.declaration.fields {
        let name = "\(intent.declaration.name).\(field.name)"
        let good = values.good(field.schema)
        if let complaint = try Self.complaint(intent, field.name, good), complaint.field == field.name {
          // Fields that exclude or require each other are refused for that reason, and a schema cannot say that weights are 1 in sum.
          #expect(complaint.constraint != field.type.constraint || field.type == .weights, "\(name): \(good)")
        }
        guard let bad = values.bad(field.schema) else { continue }
        let complaint = try Self.complaint(intent, field.name, bad)
        #expect(complaint?.field.hasPrefix(field.name) ?? false, "\(name): \(bad)")
      }
    }
  }

  @Test("Evidence that keeps to its schema is taken unless its figures contradict each other; what breaks it is refused", arguments: 1...40)
  func evidence(_ seed: UInt64) throws {
    var values = RandomValue(random: SeededGenerator(seed: seed))
    func complaint(_ text: String, _ component: Component) throws -> JSONInvalid? {
      try JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) in
        do throws(JSONInvalid) {
          let fields = EvidenceFields(object: root, fallback: nil, path: "")
          try fields.refuseUnknown(of: component)
          _ = try fields.content(of: component)
          return nil
        } catch {
          return error
        }
      }
    }
    for component in Component.allCases {
      let schema = EvidenceFields.schema(of: component)
      let good = values.good(.object(schema))
      if let complaint = try complaint(good, component) {
        let isContradiction = ["completed_exercises", "correct_answers", "current_streak", "max_streak"].contains(complaint.field)
        #expect(isContradiction, "\(good): \(complaint.description)")
      }
      for property in schema.properties {
        guard let bad = values.bad(property.schema) else { continue }
        let others = schema.properties.filter { $0.isRequired && $0.name != property.name }.map { "\"\($0.name)\":1" }
        let text = "{\((others + ["\"\(property.name)\":\(bad)"]).joined(separator: ","))}"
        #expect(try complaint(text, component)?.field == property.name, "\(text)")
        guard property.isRequired else { continue }
        #expect(try complaint("{\(others.joined(separator: ","))}", component)?.field == property.name)
      }
      #expect(try complaint(#"{"no_such_field":1}"#, component)?.field == "no_such_field")
    }
  }
}
