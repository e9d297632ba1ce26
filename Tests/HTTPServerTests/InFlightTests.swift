import Testing

@testable import HTTPServer

@Suite("Counting requests in flight")
struct InFlightTests {
  @Test("The wait for requests in flight settles at once if there are none")
  func empty() async {
    #expect(await InFlight(bytesLimit: 1).settle(within: .seconds(600)))
  }

  @Test("A limit of zero ends the wait for requests in flight at once, and one that ends later is still counted")
  func noTime() async {
    let inFlight = InFlight(bytesLimit: 1)
    inFlight.began()
    #expect(await inFlight.settle(within: .zero) == false)
    inFlight.ended(reserved: 0)
    #expect(inFlight.count == 0)
    #expect(await inFlight.settle(within: .zero))
  }

  @Test("The wait for requests in flight settles when the last one ends, not the one before")
  func last() async {
    let inFlight = InFlight(bytesLimit: 1)
    inFlight.began()
    inFlight.began()
    async let settled = inFlight.settle(within: .seconds(600))
    inFlight.ended(reserved: 0)
    #expect(inFlight.count == 1)
    inFlight.ended(reserved: 0)
    #expect(await settled)
  }

  @Test("Room for bodies is granted up to the limit and comes back")
  func room() {
    let inFlight = InFlight(bytesLimit: 10)
    #expect(inFlight.reserve(10))
    #expect(!inFlight.reserve(1))
    inFlight.began()
    inFlight.ended(reserved: 4)
    #expect(!inFlight.reserve(5))
    #expect(inFlight.reserve(4))
  }
}
