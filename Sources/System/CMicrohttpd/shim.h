#pragma once
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <microhttpd.h>

// microhttpd's enums are closed in C, and its daemon is started and asked through variadic calls: typed functions for Swift.

typedef enum MHD_Result (*shim_mhd_handler)(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                            const char *version, const char *upload, size_t *upload_size, void **request);
typedef void (*shim_mhd_completed)(void *context, struct MHD_Connection *connection, void **request,
                                   enum MHD_RequestTerminationCode how);
typedef void (*shim_mhd_connection)(void *context, struct MHD_Connection *connection, void **socket_context,
                                    enum MHD_ConnectionNotificationCode what);
typedef enum MHD_Result (*shim_mhd_header)(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                           const char *value, size_t value_size);

typedef void *(*shim_mhd_target)(void *context, const char *target, struct MHD_Connection *connection);

/// What a daemon is started with.
typedef struct {
  unsigned int connections;
  unsigned int idle_seconds;
  unsigned int threads;
  size_t memory;
  const char *certificate;
  const char *private_key;
  void *context;
  shim_mhd_target target;
  shim_mhd_handler handler;
  shim_mhd_completed completed;
  shim_mhd_connection connection;
} shim_mhd_options;

/// microhttpd writes complaints to standard error; the server answers and counts them itself.
static inline void shim_mhd_silent(void *context, const char *format, va_list arguments) {
  (void)context;
  (void)format;
  (void)arguments;
}

static inline struct MHD_Daemon *shim_mhd_start(const shim_mhd_options *options) {
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG;
  if (options->certificate != NULL) flags |= MHD_USE_TLS;
  struct MHD_OptionItem more[] = {
      {MHD_OPTION_END, 0, NULL},
      {MHD_OPTION_END, 0, NULL},
      {MHD_OPTION_END, 0, NULL},
      {MHD_OPTION_END, 0, NULL},
  };
  int count = 0;
  // A pool of one thread is none.
  if (options->threads > 1) more[count++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, options->threads, NULL};
  if (options->certificate != NULL) {
    more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->certificate};
    more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->private_key};
  }
  return MHD_start_daemon(
      flags, 0, NULL, NULL, options->handler, options->context,                                  //
      MHD_OPTION_EXTERNAL_LOGGER, shim_mhd_silent, NULL,                                         //
      MHD_OPTION_CONNECTION_LIMIT, options->connections,                                         //
      MHD_OPTION_CONNECTION_TIMEOUT, options->idle_seconds,                                      //
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->memory,                                       //
      MHD_OPTION_STRICT_FOR_CLIENT, 1,                                                           //
      MHD_OPTION_URI_LOG_CALLBACK, options->target, options->context,                            //
      MHD_OPTION_NOTIFY_COMPLETED, options->completed, options->context,                         //
      MHD_OPTION_NOTIFY_CONNECTION, options->connection, options->context,                       //
      MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

/// The connection's socket; -1 when it does not say.
static inline int shim_mhd_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == NULL ? -1 : info->connect_fd;
}

/// What was put into the connection's own context when it began.
static inline void *shim_mhd_peer(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == NULL ? NULL : info->socket_context;
}

static inline int shim_mhd_each(struct MHD_Connection *connection, enum MHD_ValueKind kind, shim_mhd_header take, void *context) {
  return MHD_get_connection_values_n(connection, kind, take, context);
}

/// What a status is called.
static inline const char *shim_mhd_reason(unsigned int status) { return MHD_get_reason_phrase_for(status); }

static const enum MHD_Result shim_mhd_yes = MHD_YES;
static const enum MHD_Result shim_mhd_no = MHD_NO;
static const enum MHD_ValueKind shim_mhd_headers = MHD_HEADER_KIND;
static const enum MHD_ConnectionNotificationCode shim_mhd_started = MHD_CONNECTION_NOTIFY_STARTED;

static inline ssize_t shim_mhd_break(void *context, uint64_t position, char *buffer, size_t size) {
  (void)context;
  (void)position;
  (void)buffer;
  (void)size;
  return MHD_CONTENT_READER_END_WITH_ERROR;
}

/// A response that breaks off after its headers. Without a single byte, libcurl would send the request again by itself.
static inline struct MHD_Response *shim_mhd_broken(void) {
  return MHD_create_response_from_callback(1, 1, shim_mhd_break, NULL, NULL);
}

/// A response whose body microhttpd copies.
static inline struct MHD_Response *shim_mhd_response(const void *body, size_t size) {
  return MHD_create_response_from_buffer(size, (void *)body, MHD_RESPMEM_MUST_COPY);
}
