/// Splits an object that arrives piece by piece into the elements of one of its members, in bounded memory.
///
/// Each element that fits is handed out whole, to be parsed by itself; of one that is too large, only its passing bytes and its skeleton
/// are. Nothing is checked: an element may not be JSON, and text that is not an object has no elements.
public struct JSONSplitter: ~Copyable {
  /// What was found.
  public enum Found {
    /// A whole element; valid until the next call.
    case element(UnsafeRawBufferPointer)
    /// More of the text before the first element; valid until the next call.
    case preamble(UnsafeRawBufferPointer)
    /// More of an element that is too large; valid until the next call.
    case part(UnsafeRawBufferPointer)
    /// The wanted member of a large element begins: the following parts are of its value.
    case innerBegins
    /// The value of that member has ended: the following parts are of the text behind it.
    case innerEnds
    /// A large element has ended: its skeleton as JSON text, empty if it is not an object; valid until the next call.
    case large(UnsafeRawBufferPointer)
  }

  private enum Step {
    case beginning
    case root
    case betweenElements
    case element(JSONValueScan)
    /// The gathered bytes of an element that turned out too large are read once more.
    case rereading(isOver: Bool)
    case largeObject
    case largeOther(JSONValueScan)
    case behind
  }

  private let inner: StaticString
  private let elementLimit: Int
  private var step = Step.beginning
  private var root: JSONSkeleton
  private var large: JSONSkeleton
  private var gathered: ByteBuffer
  private var reread = 0
  private var isReleased = true
  /// Found at the position up to which the bytes have already been handed out.
  private var pending: JSONSkeleton.Event?
  /// Whether the member's array has begun.
  public private(set) var isSplit = false

  /// A splitter of a text that is still to come.
  ///
  /// - Parameters:
  ///   - member: The object's own member whose elements are handed out.
  ///   - names: The object is not split if a member with one of these names comes before.
  ///   - elementLimit: Most bytes of an element that is handed out whole.
  ///   - inner: The member to find in larger ones.
  public init(splitting member: StaticString, unless names: [StaticString], elementLimit: Int, lookingFor inner: StaticString) {
    self.inner = inner
    self.elementLimit = elementLimit
    root = JSONSkeleton(lookingFor: member, unless: names)
    large = JSONSkeleton(lookingFor: inner)
    gathered = ByteBuffer(capacity: 4 << 10)
  }

  /// The object itself without its large members, as JSON text if the object is JSON.
  public var skeleton: [UInt8] { root.bytes }

  /// Bytes of memory in use.
  public var heldBytes: Int { gathered.capacity + large.bytes.capacity + root.bytes.capacity }

  /// Reads on from a position in a piece, and moves it.
  ///
  /// - Returns: What was found next; nil when the piece is used up.
  public mutating func next(in piece: UnsafeRawBufferPointer, from position: inout Int) -> Found? {
    if isReleased { gathered.count = 0 }
    isReleased = false
    while true {
      if let event = pending {
        pending = nil
        if let found = found(event) { return found }
      }
      if case .rereading(let isOver) = step {
        if let found = reread(isOver: isOver) { return found }
        continue
      }
      guard position < piece.count else { return nil }
      if let found = advance(piece, &position) { return found }
    }
  }

  private mutating func advance(_ piece: UnsafeRawBufferPointer, _ position: inout Int) -> Found? {
    switch step {
    case .beginning: return begin(piece, &position)
    case .root: return readRoot(piece, &position)
    case .betweenElements:
      switch piece[position] {
      case UInt8(ascii: "]"):
        position += 1
        root.skipMember()
        step = .root
      case let byte where byte == UInt8(ascii: ",") || byte == 0x20 || (0x09...0x0D).contains(byte): position += 1
      // No value begins like this: the rest is not an array.
      case UInt8(ascii: "}"), UInt8(ascii: ":"): step = .behind
      case let byte: step = .element(JSONValueScan(first: byte))
      }
    case .element(let scan): return gather(scan, piece, &position)
    case .largeObject: return readSkeleton(piece, &position)
    case .largeOther(var scan):
      let (start, end) = (position, scan.end(in: piece, from: position))
      position = end ?? piece.count
      step = end == nil ? .largeOther(scan) : .rereading(isOver: true)
      return .part(UnsafeRawBufferPointer(rebasing: piece[start..<position]))
    case .behind:
      defer { position = piece.count }
      return isSplit ? nil : .preamble(UnsafeRawBufferPointer(rebasing: piece[position...]))
    case .rereading: return nil
    }
    return nil
  }

  // MARK: The object

  private mutating func begin(_ piece: UnsafeRawBufferPointer, _ position: inout Int) -> Found? {
    let start = position
    while position < piece.count, [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains(piece[position]) { position += 1 }
    if position < piece.count { step = piece[position] == UInt8(ascii: "{") ? .root : .behind }
    return position > start ? .preamble(UnsafeRawBufferPointer(rebasing: piece[start..<position])) : nil
  }

  private mutating func readRoot(_ piece: UnsafeRawBufferPointer, _ position: inout Int) -> Found? {
    let start = position
    switch root.read(piece, &position) {
    case .usedUp, .memberEnds: break
    case .memberBegins:
      guard piece[position] == UInt8(ascii: "[") else { break }
      isSplit = true
      step = .betweenElements
      let preamble = UnsafeRawBufferPointer(rebasing: piece[start..<position])
      position += 1
      return preamble.isEmpty ? nil : .preamble(preamble)
    case .ends: step = .behind
    }
    return isSplit || position == start ? nil : .preamble(UnsafeRawBufferPointer(rebasing: piece[start..<position]))
  }

  // MARK: Elements

  private mutating func gather(_ scan: JSONValueScan, _ piece: UnsafeRawBufferPointer, _ position: inout Int) -> Found? {
    var scan = scan
    let (start, end) = (position, scan.end(in: piece, from: position))
    let part = UnsafeRawBufferPointer(rebasing: piece[start..<(end ?? piece.count)])
    if gathered.count + part.count > elementLimit {
      // The bytes so far are read once more, now for the skeleton; nothing of this piece is taken yet.
      return beginLarge(part, &position)
    }
    position = end ?? piece.count
    step = end == nil ? .element(scan) : .betweenElements
    if end != nil, gathered.count == 0 { return .element(part) }
    gathered.append(part.bindMemory(to: UInt8.self))
    guard end != nil else { return nil }
    isReleased = true
    return .element(gathered.raw)
  }

  private mutating func beginLarge(_ part: UnsafeRawBufferPointer, _ position: inout Int) -> Found? {
    let first = gathered.count > 0 ? gathered.raw[0] : part[0]
    large = JSONSkeleton(lookingFor: inner)
    reread = 0
    if first == UInt8(ascii: "{") {
      step = .rereading(isOver: false)
      return nil
    }
    // A whole new scan: the gathered bytes are one part.
    var scan = JSONValueScan(first: first)
    _ = scan.end(in: gathered.raw, from: 0)
    step = .largeOther(scan)
    isReleased = true
    return gathered.count > 0 ? .part(gathered.raw) : nil
  }

  /// Reads the gathered bytes of an object that is too large.
  private mutating func reread(isOver: Bool) -> Found? {
    if isOver {
      step = .betweenElements
      return .large(UnsafeRawBufferPointer(start: nil, count: 0))
    }
    guard reread < gathered.count else {
      gathered.count = 0
      step = .largeObject
      return nil
    }
    var position = reread
    defer { reread = position }
    return readSkeleton(gathered.raw, &position)
  }

  /// Hands out the bytes up to the next event, and the event itself at the next call.
  private mutating func readSkeleton(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Found? {
    let start = position
    let event = large.read(text, &position)
    if position == start { return found(event) }
    pending = event == .usedUp ? nil : event
    return .part(UnsafeRawBufferPointer(rebasing: text[start..<position]))
  }

  private mutating func found(_ event: JSONSkeleton.Event) -> Found? {
    switch event {
    case .usedUp: return nil
    case .memberBegins: return .innerBegins
    case .memberEnds: return .innerEnds
    case .ends:
      step = .betweenElements
      gathered.count = 0
      gathered.append(large.bytes)
      isReleased = true
      return .large(gathered.raw)
    }
  }
}

extension ByteBuffer {
  /// The bytes, in place.
  fileprivate var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  fileprivate mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }
}
