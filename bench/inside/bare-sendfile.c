/*
 * Run inside a namespace: the least that can serve a file over HTTP. Whatever is asked is answered with the one file, by sendfile(2),
 * in one thread with epoll, with no log, no look at the request but for its end, and no limits: what no server can pass.
 *
 *     bare-sendfile <address> <port> <file>
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT_ONCE 256
/* Bytes of one connection's turn. */
#define TURN (1024 * 1024)

struct client {
  int socket;
  off_t at;
};

static char head[256];
static int head_length, file;
static off_t length;

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* Returns 0 when the client has gone. */
static int serve(struct client *client) {
  char request[4096];
  ssize_t count = recv(client->socket, request, sizeof request, 0);
  if (count == 0 || (count < 0 && errno != EAGAIN)) return 0;
  if (count > 0) {
    if (send(client->socket, head, head_length, MSG_MORE | MSG_NOSIGNAL) != head_length) return 0;
    client->at = 0;
  }
  if (client->at < length) {
    off_t left = length - client->at;
    if (sendfile(client->socket, file, &client->at, left < TURN ? left : TURN) < 0 && errno != EAGAIN) return 0;
  }
  return 1;
}

int main(int count, char **words) {
  if (count != 4) {
    fprintf(stderr, "usage: bare-sendfile <address> <port> <file>\n");
    return 1;
  }
  signal(SIGPIPE, SIG_IGN);
  struct stat about;
  file = open(words[3], O_RDONLY);
  if (file < 0 || fstat(file, &about) < 0) die(words[3]);
  length = about.st_size;
  head_length = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %ld\r\n\r\n", (long)length);

  int on = 1;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
  if (inet_pton(AF_INET, words[1], &address.sin_addr) != 1) die(words[1]);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) die("listen");
  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  puts("listening");
  fflush(stdout);

  for (;;) {
    struct epoll_event events[AT_ONCE];
    int ready = epoll_wait(epoll, events, AT_ONCE, -1);
    for (int at = 0; at < ready; at++) {
      struct client *client = events[at].data.ptr;
      if (client == NULL) {
        client = calloc(1, sizeof *client);
        client->socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        client->at = length;
        if (client->socket < 0) die("accept");
        setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        event = (struct epoll_event){.events = EPOLLIN, .data.ptr = client};
        epoll_ctl(epoll, EPOLL_CTL_ADD, client->socket, &event);
        continue;
      }
      int was_sending = client->at < length;
      if (!serve(client)) {
        close(client->socket);
        free(client);
        continue;
      }
      int is_sending = client->at < length;
      if (was_sending == is_sending) continue;
      event = (struct epoll_event){.events = EPOLLIN | (is_sending ? EPOLLOUT : 0), .data.ptr = client};
      epoll_ctl(epoll, EPOLL_CTL_MOD, client->socket, &event);
    }
  }
}
