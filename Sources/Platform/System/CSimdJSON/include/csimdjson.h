#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parser with the buffers it keeps from one document to the next.
typedef struct csimdjson_parser csimdjson_parser;

/// What a parse leaves behind: simdjson's tape and string buffer, valid until the parser's next document.
typedef struct {
  /// 0, or simdjson's error code.
  int error;
  /// Tape words: type in the upper 8 bits, payload below, as simdjson's tape format describes.
  const uint64_t *tape;
  /// Strings, each a 32-bit length, its bytes and a zero.
  const uint8_t *strings;
} csimdjson_document;

/// A new parser; NULL when memory is short.
csimdjson_parser *csimdjson_parser_new(void);

void csimdjson_parser_free(csimdjson_parser *parser);

/// Parses `length` bytes. `padded` is not 0 when at least 64 readable bytes lie behind them; else they are copied first.
csimdjson_document csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length, int padded);

/// What an error code means.
const char *csimdjson_error_text(int error);

#ifdef __cplusplus
}
#endif
