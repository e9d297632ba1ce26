#pragma once
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// epoll's event is a packed struct with a union inside, its flags are an enum, ioctl is variadic: typed functions for Swift.

/// What happened on a file.
typedef struct {
  int file;
  uint32_t flags;
} shim_epoll_happening;

/// There is something to read, an end or an error included.
static const uint32_t shim_epoll_readable = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
/// The other side has ended, or the connection is broken.
static const uint32_t shim_epoll_ended = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

static inline int shim_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

/// Watches a socket for changes of what can be read and written; each change is told once.
static inline int shim_epoll_watch(int epoll, int file) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = (uint64_t)file}};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event);
}

/// Watches a file for as long as something can be read.
static inline int shim_epoll_watch_level(int epoll, int file) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = (uint64_t)file}};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event);
}

/// Waits for happenings, at most 128 and for so many milliseconds; the number of them, 0 where none came.
static inline int shim_epoll_wait(int epoll, shim_epoll_happening *happenings, int most, int milliseconds) {
  struct epoll_event events[128];
  int count = epoll_wait(epoll, events, most < 128 ? most : 128, milliseconds);
  for (int index = 0; index < count; index++) {
    happenings[index].file = (int)events[index].data.u64;
    happenings[index].flags = events[index].events;
  }
  return count < 0 ? 0 : count;
}

static inline int shim_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static inline void shim_eventfd_signal(int file) {
  uint64_t one = 1;
  while (write(file, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

static inline void shim_eventfd_clear(int file) {
  uint64_t count;
  while (read(file, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

/// Bytes that were written to a socket and that its other side has not received yet.
static inline int shim_unsent(int socket) {
  int count = 0;
  return ioctl(socket, TIOCOUTQ, &count) == 0 ? count : 0;
}

/// The time since some moment in the past, in nanoseconds; it only rises.
static inline uint64_t shim_monotonic(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/// Takes a connection that waits at a listening socket, as one that does not block; -1 when there is none.
static inline int shim_accept(int socket, struct sockaddr_storage *address) {
  socklen_t length = sizeof *address;
  int connection = accept(socket, (struct sockaddr *)address, &length);
  if (connection < 0) return -1;
  // A socket that has just been made can be set so.
  fcntl(connection, F_SETFD, FD_CLOEXEC);
  fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) | O_NONBLOCK);
  return connection;
}
