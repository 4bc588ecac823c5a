/*
 * echo ADDRESS PORT LENGTH: the least that a server of datagrams can do. Every datagram goes back to where it came from,
 * LENGTH bytes long, with its first byte 2 (DHCP's BOOTREPLY) and zeros at its end. What a server in any language costs beside it
 * is what it does itself; the rest is the kernel's.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { batch = 64, largest = 2048, buffer = 4 << 20 };

static unsigned char data[batch][largest];
static struct sockaddr_in names[batch];
static struct iovec pieces[batch];
static struct mmsghdr messages[batch];

int main(int count, char **arguments)
{
  if (count != 4) return 2;
  int length = atoi(arguments[3]), one = 1, size = buffer;
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[2]))};
  inet_pton(AF_INET, arguments[1], &own.sin_addr);
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof one);
  if (length > largest || bind(fd, (struct sockaddr *)&own, sizeof own) < 0) return perror("echo"), 1;

  for (;;) {
    for (int slot = 0; slot < batch; slot++) {
      pieces[slot] = (struct iovec){data[slot], largest};
      messages[slot].msg_hdr = (struct msghdr){.msg_name = &names[slot], .msg_namelen = sizeof names[slot],
                                               .msg_iov = &pieces[slot], .msg_iovlen = 1};
    }
    int received = recvmmsg(fd, messages, batch, MSG_WAITFORONE, NULL);
    if (received < 0) return perror("echo"), 1;
    for (int slot = 0; slot < received; slot++) {
      data[slot][0] = 2;
      int came = messages[slot].msg_len;
      if (came < length) memset(data[slot] + came, 0, length - came);
      pieces[slot].iov_len = length;
    }
    for (int sent = 0; sent < received;) {
      int taken = sendmmsg(fd, messages + sent, received - sent, 0);
      if (taken < 0) return perror("echo"), 1;
      sent += taken;
    }
  }
}
