#pragma once
#include <avro.h>

// libavro's calls on values are macros over a table of functions: typed functions for Swift, which return 0 where they succeed.

static inline int shim_avro_get_boolean(const avro_value_t *value, int *out) { return avro_value_get_boolean(value, out); }
static inline int shim_avro_get_int(const avro_value_t *value, int32_t *out) { return avro_value_get_int(value, out); }
static inline int shim_avro_get_long(const avro_value_t *value, int64_t *out) { return avro_value_get_long(value, out); }
static inline int shim_avro_get_float(const avro_value_t *value, float *out) { return avro_value_get_float(value, out); }
static inline int shim_avro_get_double(const avro_value_t *value, double *out) { return avro_value_get_double(value, out); }
static inline int shim_avro_get_enum(const avro_value_t *value, int *out) { return avro_value_get_enum(value, out); }
static inline int shim_avro_get_size(const avro_value_t *value, size_t *out) { return avro_value_get_size(value, out); }
static inline int shim_avro_get_discriminant(const avro_value_t *value, int *out) { return avro_value_get_discriminant(value, out); }

/// The bytes belong to the value.
static inline int shim_avro_get_bytes(const avro_value_t *value, const void **bytes, size_t *size) {
  return avro_value_get_bytes(value, bytes, size);
}

/// The bytes belong to the value.
static inline int shim_avro_get_fixed(const avro_value_t *value, const void **bytes, size_t *size) {
  return avro_value_get_fixed(value, bytes, size);
}

/// An array's element or a record's field, which belongs to the value.
static inline int shim_avro_get_child(const avro_value_t *value, size_t index, avro_value_t *child) {
  return avro_value_get_by_index(value, index, child, NULL);
}

/// A union's value, which belongs to the union.
static inline int shim_avro_get_branch(const avro_value_t *value, avro_value_t *branch) {
  return avro_value_get_current_branch(value, branch);
}

static inline int shim_avro_set_null(avro_value_t *value) { return avro_value_set_null(value); }
static inline int shim_avro_set_boolean(avro_value_t *value, int to) { return avro_value_set_boolean(value, to); }
static inline int shim_avro_set_int(avro_value_t *value, int32_t to) { return avro_value_set_int(value, to); }
static inline int shim_avro_set_long(avro_value_t *value, int64_t to) { return avro_value_set_long(value, to); }
static inline int shim_avro_set_float(avro_value_t *value, float to) { return avro_value_set_float(value, to); }
static inline int shim_avro_set_double(avro_value_t *value, double to) { return avro_value_set_double(value, to); }
static inline int shim_avro_set_enum(avro_value_t *value, int to) { return avro_value_set_enum(value, to); }

/// Copies the bytes.
static inline int shim_avro_set_bytes(avro_value_t *value, const void *bytes, size_t size) {
  return avro_value_set_bytes(value, (void *)bytes, size);
}

/// Copies the bytes.
static inline int shim_avro_set_fixed(avro_value_t *value, const void *bytes, size_t size) {
  return avro_value_set_fixed(value, (void *)bytes, size);
}

/// A new last element of an array, which belongs to the array.
static inline int shim_avro_append(avro_value_t *value, avro_value_t *child) { return avro_value_append(value, child, NULL); }

/// A union's value of a branch, which belongs to the union.
static inline int shim_avro_set_branch(avro_value_t *value, int discriminant, avro_value_t *branch) {
  return avro_value_set_branch(value, discriminant, branch);
}

static inline void shim_avro_release_class(avro_value_iface_t *iface) { avro_value_iface_decref(iface); }
