#pragma once

/// How jemalloc keeps memory; it reads this by its name when the process starts.
extern const char *malloc_conf;
