#include "csimdjson.h"

#include <new>
#include <simdjson.h>

struct csimdjson_parser {
  simdjson::dom::parser parser;
};

extern "C" csimdjson_parser *csimdjson_parser_new(void) { return new (std::nothrow) csimdjson_parser(); }

extern "C" void csimdjson_parser_free(csimdjson_parser *parser) { delete parser; }

extern "C" csimdjson_document csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length, int padded) {
  auto error = parser->parser.parse(bytes, length, padded == 0).error();
  if (error != simdjson::SUCCESS) return {static_cast<int>(error), nullptr, nullptr};
  return {0, parser->parser.doc.tape.get(), parser->parser.doc.string_buf.get()};
}

extern "C" const char *csimdjson_error_text(int error) {
  return simdjson::error_message(static_cast<simdjson::error_code>(error));
}
