#pragma once
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast in a macro, which Swift cannot see: SQLite copies the bytes it is given.
static inline sqlite3_destructor_type shim_sqlite_transient(void) { return SQLITE_TRANSIENT; }

/// SQLITE_STATIC likewise: the bytes outlive the statement's step.
static inline sqlite3_destructor_type shim_sqlite_static(void) { return SQLITE_STATIC; }
