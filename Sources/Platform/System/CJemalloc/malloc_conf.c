#include "cjemalloc.h"

// Few arenas and a second until unused pages go back: the service shares its node, and bodies of megabytes come and go.
const char *malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0,lg_tcache_max:13";
