#pragma once
#include <getopt.h>
#include <linux/memfd.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

// getopt keeps its state in global variables, which Swift's concurrency checks refuse; these functions are the way to them.

/// Starts over: the next call reads the first argument again, and getopt prints nothing itself.
static inline void shim_getopt_begin(void) {
  optind = 0;
  opterr = 0;
  optopt = 0;
  optarg = NULL;
}
static inline int shim_getopt_index(void) { return optind; }
static inline int shim_getopt_offender(void) { return optopt; }
static inline const char *shim_getopt_value(void) { return optarg; }

/// An open, empty file without a name that lies in memory; negative with `errno` if the system makes none.
static inline int shim_memory_file(const char *name) { return (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC); }
