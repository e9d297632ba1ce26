import Encodings
import Testing

@testable import DevSidecar

/// The meaning of answers: the list "Delivery" of the recordings.
@Suite("Answers to deliveries")
struct DeliveryAnswerTests {
  private func batch(_ count: Int, isBulk: Bool) -> Batch {
    let subscription = Subscription(pubsub: "p", topic: "t", path: "/", bulk: isBulk ? Subscription.Bulk() : nil)
    let entries = (0..<count).map { Batch.Entry(number: $0 + 3, message: Message(body: [], isEvent: true)) }
    return Batch(id: Bits128(high: 0, low: 0), group: 0, subscription: subscription, partition: 0, entries: entries)
  }

  @Test(
    "An answer to a single delivery is read as accepted, to be retried or dropped",
    arguments: [
      (200, #"{"status":"SUCCESS"}"#, Fate.taken), (200, #"{"status":"RETRY"}"#, .again), (200, #"{"status":"DROP"}"#, .dropped),
      (200, "", .taken), (204, "", .taken), (201, "", .taken), (200, "all good", .taken), (200, #"{"status":"BANANA"}"#, .again),
      (200, "{}", .taken), (200, #"{"status":""}"#, .taken), (404, "{}", .taken), (500, "{}", .again), (401, "", .again),
      (200, "[1]", .taken), (302, "", .again),
    ])
  func single(_ status: Int, _ body: String, _ fate: Fate) {
    #expect(DeliveryAnswer.fates(status: status, body: Array(body.utf8), of: batch(1, isBulk: false)) == [fate])
  }

  @Test("An answer's entries are matched by number, in any order, and missing ones come again")
  func bulk() {
    let body = """
      {"statuses":[{"entryId":"5","status":"DROP"},{"entryId":"3","status":"SUCCESS"},{"entryId":"9","status":"SUCCESS"},
        {"entryId":"6","status":"NO"},{"entryId":"x"},{"status":"SUCCESS"}]}
      """
    #expect(
      DeliveryAnswer.fates(status: 200, body: Array(body.utf8), of: batch(4, isBulk: true)) == [.taken, .again, .dropped, .again])
  }

  @Test("A bulk answer without statuses, or with status 503, brings every entry back, and an empty 200 accepts them all")
  func bulkWithout() {
    let batch = batch(2, isBulk: true)
    #expect(DeliveryAnswer.fates(status: 200, body: Array(#"{"status":"SUCCESS"}"#.utf8), of: batch) == [.again, .again])
    #expect(DeliveryAnswer.fates(status: 200, body: [], of: batch) == [.taken, .taken])
    #expect(DeliveryAnswer.fates(status: 503, body: [], of: batch) == [.again, .again])
  }
}
