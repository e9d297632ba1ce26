public import JSON

/// The JSON object of a kind of value: its members, each declared once.
public struct ObjectShape<Value>: Sendable {
  /// Writes the members, in their order.
  @usableFromInline let writing: @Sendable (Value, inout JSONWriter) -> Void
  /// What is written.
  public let schema: ObjectSchema

  /// Creates an object's form.
  ///
  /// - Parameters:
  ///   - name: The name of the kind of object, under which documents list it once; nil for one that stands only where it is used.
  ///   - meaning: What the object is, in a phrase; empty if its place says it all.
  ///   - members: The members.
  public init(_ name: String? = nil, _ meaning: String = "", @MemberBuilder<Value> _ members: () -> [Member<Value>]) {
    let members = members()
    writing = Self.one(of: members[...])
    // Readers may not count on there being no further member: a later release may have more.
    schema = ObjectSchema(name, meaning, isOpen: true, members.flatMap(\.properties))
  }

  /// Writes the members of a value into an open object.
  @inlinable
  public func writeMembers(of value: Value, to json: inout JSONWriter) {
    writing(value, &json)
  }

  /// The object as the form of a value.
  @inlinable public var shape: Shape<Value> {
    Shape(.object(schema)) { [writing] value, json in json.object { writing(value, &$0) } }
  }

  /// One function in place of several, as a tree: a list of them would be retained and released element by element at each call.
  private static func one(
    of members: ArraySlice<Member<Value>>
  ) -> @Sendable (Value, inout JSONWriter) -> Void {
    guard members.count > 4 else {
      // Taken out of their members one by one: out of a list of functions each would be called through another one.
      let own = Array(members)
      switch own.count {
      case 0: return { _, _ in }
      case 1: return own[0].writing
      case 2:
        let (first, second) = (own[0].writing, own[1].writing)
        return { value, json in
          first(value, &json)
          second(value, &json)
        }
      case 3:
        let (first, second, third) = (own[0].writing, own[1].writing, own[2].writing)
        return { value, json in
          first(value, &json)
          second(value, &json)
          third(value, &json)
        }
      default:
        let (first, second, third, fourth) = (own[0].writing, own[1].writing, own[2].writing, own[3].writing)
        return { value, json in
          first(value, &json)
          second(value, &json)
          third(value, &json)
          fourth(value, &json)
        }
      }
    }
    let part = (members.count + 3) / 4
    let parts = stride(from: members.startIndex, to: members.endIndex, by: part).map {
      Member([], one(of: members[$0..<min($0 + part, members.endIndex)]))
    }
    return one(of: parts[...])
  }
}

/// Puts members together.
@resultBuilder
public enum MemberBuilder<Value> {
  /// A member.
  public static func buildExpression(_ member: Member<Value>) -> Member<Value> { member }
  /// Members, one after the other.
  public static func buildBlock(_ members: Member<Value>...) -> [Member<Value>] { members }
}
