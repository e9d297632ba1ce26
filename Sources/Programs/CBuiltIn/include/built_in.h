#pragma once
#include <stddef.h>

// Files that are part of the program, so that an installed binary needs nothing beside it.

/// A file's bytes and their number.
typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t size;
} built_in_file;

/// A real course's learning events as gzipped JSON lines; README.md names its source and licence.
extern const built_in_file built_in_course;

/// The files of components/dev.
#define BUILT_IN_COMPONENTS 5
const built_in_file *built_in_component(int index);
