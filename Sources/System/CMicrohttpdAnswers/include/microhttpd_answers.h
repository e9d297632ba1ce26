#pragma once
#include <stddef.h>

// microhttpd (0.9.75) has no way to word the answers that it gives by itself: to a head that is too large, a header that is none, chunks
// that are none. It hands all of them to its own MHD_queue_response, which it calls through the dynamic linker's table. This target
// defines a function of that name, which therefore is called instead.
//
// Such an answer is written at once, and the connection closed: where microhttpd refuses headers that are whole (no Host, a
// Content-Length that is no number) it would send the head of what is queued twice.

/// Writes an answer of its own in place of the library's; 0 when it does not, and the library's goes out.
typedef int (*microhttpd_answer)(void *connection, unsigned int status);

/// Has what the library would answer by itself answered by a function, in the whole process.
void microhttpd_answer_by(microhttpd_answer answer);

/// Queues an answer of the program's own; 0 when the library refuses.
int microhttpd_queue(void *connection, unsigned int status, void *response);

/// Writes bytes to a connection now, through TLS where it has that, as far as they are taken without waiting.
void microhttpd_write(void *connection, const void *bytes, size_t count);
