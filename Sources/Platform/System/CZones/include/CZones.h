// Time zones of the system's tz database, through Howard Hinnant's date library.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The zone of that name, such as Europe/Berlin; null if the database has none that can be read. It lives as long as the process.
const void *_Nullable zones_find(const char *_Nonnull name);

/// How far the wall clocks of a zone are ahead of UTC at a moment, in seconds; 0 if the database cannot be read.
int32_t zones_offset(const void *_Nonnull zone, int64_t seconds);

#ifdef __cplusplus
}
#endif
