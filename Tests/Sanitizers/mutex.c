// The slow path of Swift's `Mutex`, compiled with the thread sanitizer. The library's own is compiled without it, so what one thread did
// under a contended lock would look unordered to the next one. This version replaces the library's when it is linked.
//
// The fast path is inlined into its callers and visible to the sanitizer: it swaps the owner from 0 to the thread id, and back. Nobody
// sleeps here, so the flag for sleepers is never set, and unlocking never needs the library.
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

#define SWIFT_METHOD __attribute__((swiftcall))
#define SWIFT_SELF __attribute__((swift_context))

// `Synchronization._MutexHandle._lockSlow(UInt32)`.
SWIFT_METHOD void lock_slowly(uint32_t thread, SWIFT_SELF _Atomic uint32_t *owner)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

SWIFT_METHOD void lock_slowly(uint32_t thread, SWIFT_SELF _Atomic uint32_t *owner) {
  uint32_t nobody = 0;
  while (!atomic_compare_exchange_weak_explicit(owner, &nobody, thread, memory_order_acquire, memory_order_relaxed)) {
    nobody = 0;
    sched_yield();
  }
}
