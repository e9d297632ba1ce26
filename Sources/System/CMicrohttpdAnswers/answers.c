#define _GNU_SOURCE
#include "microhttpd_answers.h"

#include <dlfcn.h>
#include <microhttpd.h>
#include <stdatomic.h>

typedef enum MHD_Result (*queue_response)(struct MHD_Connection *, unsigned int, struct MHD_Response *);
typedef ssize_t (*record_send)(void *session, const void *bytes, size_t count);

static _Atomic(microhttpd_answer) answering;
static _Atomic(queue_response) queueing;

/// The library's own function, looked up once.
static enum MHD_Result queue(struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response) {
  queue_response own = atomic_load_explicit(&queueing, memory_order_relaxed);
  if (own == NULL) {
    own = (queue_response)dlsym(RTLD_NEXT, "MHD_queue_response");
    if (own == NULL) return MHD_NO;
    atomic_store_explicit(&queueing, own, memory_order_relaxed);
  }
  return own(connection, status, response);
}

void microhttpd_answer_by(microhttpd_answer answer) { atomic_store(&answering, answer); }

int microhttpd_queue(void *connection, unsigned int status, void *response) {
  return queue(connection, status, response) == MHD_YES;
}

void microhttpd_write(void *connection, const void *bytes, size_t count) {
  const union MHD_ConnectionInfo *session = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  if (session != NULL && session->tls_session != NULL) {
    // microhttpd has brought GnuTLS along.
    record_send send_record = (record_send)dlsym(RTLD_DEFAULT, "gnutls_record_send");
    if (send_record != NULL) send_record(session->tls_session, bytes, count);
    return;
  }
  const union MHD_ConnectionInfo *socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (socket == NULL) return;
  send(socket->connect_fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown(socket->connect_fd, SHUT_WR);
}

/// Called by the library alone: this program queues its answers by `microhttpd_queue`.
enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response) {
  microhttpd_answer answer = atomic_load(&answering);
  // The library closes the connection where it believes that nothing could be queued.
  if (answer != NULL && answer(connection, status) != 0) return MHD_NO;
  return queue(connection, status, response);
}
