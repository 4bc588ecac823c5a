/*
 * Run inside a namespace: machines that each fetch one thing over HTTP, so many at a time, the next as soon as one has its own.
 * Every answer must be a 200 of exactly the bytes that are due to that machine. Prints one line of JSON.
 *
 *     http-load <server> <port> <orders> <connections> <at a time> <seconds>
 *
 * orders: a file of what is asked and what is due: for each machine its address (0: any), the lengths of its request and of its
 * body (three 32-bit numbers in the host's order), then the two. connections: `new`, each machine opens its own from its own address
 * and closes it when it has everything; or `kept`, they share so many, which stay open. seconds: 0 lets each machine ask once.
 *
 * In C, and with one system call for each step, so that it is the server that is measured.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "latencies.h"
#include "load.h"

/* Of an answer, with its head. */
#define LONGEST 16384
#define AT_ONCE 256

/* Seconds until an answer counts as lost. */
static const double patience = 20;

struct order {
  uint32_t address, asked, due;
  const char *request, *body;
};

struct slot {
  int socket;
  const struct order *order;
  double since;
  int asked;
  size_t received;
  char answer[LONGEST + 1];
};

static struct order *orders;
static size_t machines, next_machine, slots_busy;
static struct sockaddr_in server;
static int epoll, keeps, once;
static double now, ends;
static struct { long done, wrong, failed; } counted;

static void read_orders(const char *path) {
  size_t length;
  const char *at = map_file(path, &length);
  const char *end = at + length;
  while (at < end) {
    uint32_t head[3];
    memcpy(head, at, sizeof head);
    at += sizeof head;
    if (machines % 1024 == 0) orders = realloc(orders, (machines + 1024) * sizeof *orders);
    orders[machines++] = (struct order){head[0], head[1], head[2], at, at + head[1]};
    at += head[1] + head[2];
  }
  if (machines == 0 || at != end) {
    fprintf(stderr, "%s holds no orders, or half of one\n", path);
    exit(1);
  }
}

/* What is wrong with a whole or half an answer; NULL when nothing is yet, and `*whole` when nothing is missing. */
static const char *problem(const struct slot *slot, int *whole) {
  static const char ok[] = "HTTP/1.1 200 ";
  const char *answer = slot->answer;
  size_t received = slot->received;
  *whole = 0;
  if (memcmp(answer, ok, received < sizeof ok - 1 ? received : sizeof ok - 1) != 0) return "no 200";
  const char *blank = memmem(answer, received, "\r\n\r\n", 4);
  if (blank == NULL) return received < LONGEST ? NULL : "no end of the head";
  size_t head = blank + 4 - answer;
  size_t body = received - head;
  size_t due = slot->order->due;
  if (body < due) return head + due <= LONGEST ? NULL : "too long for this generator";
  if (body > due) return "more bytes than are due";
  if (memcmp(answer + head, slot->order->body, due) != 0) return "other bytes than are due";
  const char *length = strcasestr(answer, "\r\ncontent-length:");
  if (length == NULL || length > blank) return "no length";
  if (strtoul(length + strlen("\r\ncontent-length:"), NULL, 10) != due) return "another length than is due";
  *whole = 1;
  return NULL;
}

static void watch(struct slot *slot) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = slot};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, slot->socket, &event) < 0) die("epoll_ctl");
}

static void connect_slot(struct slot *slot) {
  int on = 1;
  slot->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (slot->socket < 0) die("socket");
  if (slot->order->address != 0) {
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(slot->order->address)};
    setsockopt(slot->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(slot->socket, (struct sockaddr *)&own, sizeof own) < 0) die("bind");
  }
  setsockopt(slot->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(slot->socket, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) die("connect");
  watch(slot);
}

static int ask(struct slot *slot) {
  slot->asked = 1;
  return send(slot->socket, slot->order->request, slot->order->asked, MSG_NOSIGNAL) == (ssize_t)slot->order->asked;
}

static void hang_up(struct slot *slot) {
  close(slot->socket);
  slot->socket = -1;
}

static void fail(struct slot *slot, const char *why);

static void begin(struct slot *slot) {
  int over = once ? next_machine == machines : now >= ends;
  if (over) {
    if (slot->socket >= 0) hang_up(slot);
    slot->order = NULL;
    slots_busy--;
    return;
  }
  slot->order = &orders[next_machine++];
  if (!once) next_machine %= machines;
  slot->since = now;
  slot->received = 0;
  slot->asked = 0;
  if (slot->socket < 0) connect_slot(slot);
  else if (!ask(slot)) fail(slot, "send");
}

static void fail(struct slot *slot, const char *why) {
  if (counted.failed++ == 0) fprintf(stderr, "failed: %s (%s)\n", why, strerror(errno));
  hang_up(slot);
  begin(slot);
}

static void wrong(struct slot *slot, const char *why) {
  if (counted.wrong++ == 0)
    fprintf(stderr, "wrong: %s\n%.*s%.*s\n", why, (int)slot->order->asked, slot->order->request,
            (int)slot->received, slot->answer);
  hang_up(slot);
  begin(slot);
}

static void take(struct slot *slot) {
  ssize_t more = recv(slot->socket, slot->answer + slot->received, LONGEST - slot->received, 0);
  if (more < 0 && errno == EAGAIN) return;
  if (more <= 0) return fail(slot, more == 0 ? "closed before the end" : "recv");
  slot->received += more;
  slot->answer[slot->received] = 0;
  int whole;
  const char *why = problem(slot, &whole);
  if (why != NULL) return wrong(slot, why);
  if (!whole) return take(slot);
  counted.done++;
  note(now - slot->since);
  if (!keeps) hang_up(slot);
  begin(slot);
}

static void progress(struct slot *slot, uint32_t events) {
  if (slot->order == NULL) return;
  if (events & EPOLLERR) return fail(slot, "connection");
  if (events & EPOLLIN) return take(slot);
  if (!slot->asked && !ask(slot)) fail(slot, "send");
}

int main(int count, char **words) {
  if (count != 7) {
    fprintf(stderr, "usage: http-load <server> <port> <orders> new|kept <at a time> <seconds>\n");
    return 1;
  }
  server.sin_family = AF_INET;
  server.sin_port = htons(atoi(words[2]));
  if (inet_pton(AF_INET, words[1], &server.sin_addr) != 1) die(words[1]);
  read_orders(words[3]);
  keeps = strcmp(words[4], "kept") == 0;
  slots_busy = atoi(words[5]);
  double seconds = atof(words[6]);
  once = seconds == 0;

  size_t in_flight = slots_busy;
  struct slot *slots = calloc(in_flight, sizeof *slots);
  epoll = epoll_create1(0);
  double started = now = clock_of(CLOCK_MONOTONIC);
  double cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
  double looked = now;
  ends = now + seconds;
  for (size_t at = 0; at < in_flight; at++) {
    slots[at].socket = -1;
    begin(&slots[at]);
  }
  while (slots_busy > 0) {
    struct epoll_event events[AT_ONCE];
    int ready = epoll_wait(epoll, events, AT_ONCE, 100);
    now = clock_of(CLOCK_MONOTONIC);
    for (int at = 0; at < ready; at++) progress(events[at].data.ptr, events[at].events);
    if (now - looked < 0.1) continue;
    looked = now;
    errno = ETIMEDOUT;
    for (size_t at = 0; at < in_flight; at++)
      if (slots[at].order != NULL && now - slots[at].since > patience) fail(&slots[at], "no answer");
  }
  printf("{\"done\":%ld,\"wrong\":%ld,\"failed\":%ld,\"seconds\":%f,\"cpu\":%f,\"p50\":%f,\"p99\":%f}\n", counted.done,
         counted.wrong, counted.failed, clock_of(CLOCK_MONOTONIC) - started,
         clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu, percentile(50), percentile(99));
  return 0;
}
