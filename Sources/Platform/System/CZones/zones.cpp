#include "CZones.h"

#include <chrono>
#include <date/tz.h>

// No exception may reach a caller that is not C++.

const void *zones_find(const char *name) {
  try {
    const date::time_zone *zone = date::locate_zone(name);
    // The zone's file is read only now.
    zone->get_info(date::sys_seconds{});
    return zone;
  } catch (...) {
    return nullptr;
  }
}

int32_t zones_offset(const void *zone, int64_t seconds) {
  try {
    const date::sys_seconds moment{std::chrono::seconds{seconds}};
    return static_cast<int32_t>(static_cast<const date::time_zone *>(zone)->get_info(moment).offset.count());
  } catch (...) {
    return 0;
  }
}
