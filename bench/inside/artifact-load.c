/*
 * Run inside a namespace: so many machines that fetch one file over HTTP, each on a connection that it keeps, again and again. Every
 * byte is compared with the file. Prints one line of JSON.
 *
 *     artifact-load <server> <port> <path> <the same file, here> <connections> <seconds>
 *
 * In C, with large reads, one memcmp for each, and no copy: so that it is the server that is measured. What it takes itself is in `cpu`.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "load.h"

/* Bytes that are read at a time: they stay in the processor's own cache until they are compared. */
#define PIECE (256 * 1024)
/* Of an answer's head; what is longer is wrong. */
#define LONGEST_HEAD 4096
#define AT_ONCE 256

struct machine {
  int socket;
  int asked;
  /* Of the head, until its end has come. */
  size_t head;
  char text[LONGEST_HEAD + 1];
  /* Of the body; meaningful once the head is whole. */
  size_t body;
  int in_body;
  /* The server closes the connection after this answer. */
  int last;
};

static struct sockaddr_in server;
static char request[1024];
static size_t request_length;
static const char *file;
static size_t file_length;
static int epoll;
static struct { long answers, bytes, wrong, failed; } counted;
static char piece[PIECE];

static void dial(struct machine *machine) {
  int on = 1, buffer = 2 * PIECE;
  memset(machine, 0, sizeof *machine);
  machine->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (machine->socket < 0) die("socket");
  setsockopt(machine->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  /* Fixed: what is under way when the time is over is the same for every server. */
  setsockopt(machine->socket, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (connect(machine->socket, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) die("connect");
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = machine};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, machine->socket, &event) < 0) die("epoll_ctl");
}

static void hang_up(struct machine *machine) {
  close(machine->socket);
  dial(machine);
}

static void fail(struct machine *machine, const char *why) {
  if (counted.failed++ == 0) fprintf(stderr, "failed: %s (%s)\n", why, strerror(errno));
  hang_up(machine);
}

static void wrong(struct machine *machine, const char *why) {
  if (counted.wrong++ == 0) fprintf(stderr, "wrong: %s at byte %zu\n%s\n", why, machine->body, machine->text);
  hang_up(machine);
}

static void ask(struct machine *machine) {
  machine->head = machine->body = machine->in_body = machine->last = 0;
  machine->asked = 1;
  if (send(machine->socket, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) fail(machine, "send");
}

/* What is wrong with a whole head; NULL when nothing is. */
static const char *read_head(struct machine *machine) {
  if (strncmp(machine->text, "HTTP/1.1 200 ", 13) != 0) return "no 200";
  const char *length = strcasestr(machine->text, "\r\ncontent-length:");
  if (length == NULL || strtoul(length + 17, NULL, 10) != file_length) return "not the length that is due";
  machine->last = strcasestr(machine->text, "\r\nconnection: close") != NULL;
  machine->in_body = 1;
  return NULL;
}

/* Takes bytes that came. Returns 0 when the connection is another one now. */
static int take(struct machine *machine, const char *bytes, size_t count) {
  if (!machine->in_body) {
    size_t more = count < LONGEST_HEAD - machine->head ? count : LONGEST_HEAD - machine->head;
    memcpy(machine->text + machine->head, bytes, more);
    const char *end = memmem(machine->text, machine->head + more, "\r\n\r\n", 4);
    if (end == NULL) {
      machine->head += more;
      machine->text[machine->head] = 0;
      return machine->head < LONGEST_HEAD ? 1 : (wrong(machine, "no end of the head"), 0);
    }
    size_t used = end + 4 - machine->text - machine->head;
    machine->text[end + 4 - machine->text] = 0;
    const char *why = read_head(machine);
    if (why != NULL) return wrong(machine, why), 0;
    bytes += used;
    count -= used;
  }
  if (count > file_length - machine->body) return wrong(machine, "more bytes than are due"), 0;
  if (memcmp(bytes, file + machine->body, count) != 0) return wrong(machine, "another byte than is due"), 0;
  machine->body += count;
  counted.bytes += count;
  if (machine->body < file_length) return 1;
  counted.answers++;
  if (machine->last) return hang_up(machine), 0;
  ask(machine);
  return 1;
}

static void progress(struct machine *machine, unsigned events) {
  if (!machine->asked && (events & EPOLLOUT) != 0 && (events & EPOLLERR) == 0) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = machine};
    epoll_ctl(epoll, EPOLL_CTL_MOD, machine->socket, &event);
    ask(machine);
  }
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) return;
  ssize_t count = recv(machine->socket, piece, PIECE, 0);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) fail(machine, count == 0 ? "closed before the end" : "recv");
  else take(machine, piece, count);
}

int main(int count, char **words) {
  if (count != 7) {
    fprintf(stderr, "usage: artifact-load <server> <port> <path> <file> <connections> <seconds>\n");
    return 1;
  }
  server.sin_family = AF_INET;
  server.sin_port = htons(atoi(words[2]));
  if (inet_pton(AF_INET, words[1], &server.sin_addr) != 1) die(words[1]);
  request_length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: iPXE/1.21.1+\r\n\r\n",
                            words[3], words[1], words[2]);
  file = map_file(words[4], &file_length);
  int connections = atoi(words[5]);
  double seconds = atof(words[6]);

  struct machine *machines = calloc(connections, sizeof *machines);
  epoll = epoll_create1(0);
  double begun = clock_of(CLOCK_MONOTONIC), cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID), now = begun;
  for (int at = 0; at < connections; at++) dial(&machines[at]);
  while (now - begun < seconds) {
    struct epoll_event events[AT_ONCE];
    int ready = epoll_wait(epoll, events, AT_ONCE, 100);
    for (int at = 0; at < ready; at++) progress(events[at].data.ptr, events[at].events);
    now = clock_of(CLOCK_MONOTONIC);
  }
  printf("{\"answers\":%ld,\"bytes\":%ld,\"wrong\":%ld,\"failed\":%ld,\"seconds\":%f,\"cpu\":%f}\n", counted.answers,
         counted.bytes, counted.wrong, counted.failed, now - begun, clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  return 0;
}
