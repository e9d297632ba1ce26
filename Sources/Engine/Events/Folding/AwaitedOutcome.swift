/// A delivery that waits for the outcome of a student's events, and the student's index in it.
struct AwaitedOutcome {
  let waiter: WaitingDelivery
  let index: Int
}
