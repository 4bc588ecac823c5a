/*
 * The physical limit beside our TFTP service: what a program in C does that knows nothing of files, options, clients or
 * timeouts, on the same cable and under the same load. It answers every request with the same OACK, every ACK of block n with the
 * window that follows it, straight from the memory that holds its one file, and sleeps never.
 *
 *     tftp-bare <address> <port> <file> <block size> <window size> <datagrams per system call>
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum { most = 64, longest = 64 };

/* One message of each way, and its parts. A window is handed over as one message, and cut into its blocks by the kernel. */
static struct mmsghdr in[most], out[most];
static struct sockaddr_in names[most];
static struct iovec in_parts[most], out_parts[most][2 * longest];
static char packets[most][512], controls[most][64], heads[most][longest][4];

static int fail(const char *what) {
  perror(what);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  size_t block = atoi(argv[4]);
  int window = atoi(argv[5]), batch = atoi(argv[6]);
  if (window > longest || batch > most) return 2;

  int file = open(argv[3], O_RDONLY);
  struct stat about;
  if (file < 0 || fstat(file, &about) < 0) return fail(argv[3]);
  size_t size = about.st_size;
  char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (bytes == MAP_FAILED) return fail("mmap");

  char oack[128] = {0, 6};
  int said = 2 + sprintf(oack + 2, "tsize%c%zu%cblksize%c%zu", 0, size, 0, 0, block) + 1;
  if (window > 1) said += sprintf(oack + said, "windowsize%c%d", 0, window) + 1;

  int udp = socket(AF_INET, SOCK_DGRAM, 0), on = 1, buffer = 8 << 20;
  setsockopt(udp, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  setsockopt(udp, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &here.sin_addr);
  if (bind(udp, (struct sockaddr *)&here, sizeof here) < 0) return fail("bind");

  for (;;) {
    for (int i = 0; i < batch; i++) {
      in_parts[i] = (struct iovec){packets[i], sizeof packets[i]};
      in[i].msg_hdr = (struct msghdr){
        .msg_name = &names[i], .msg_namelen = sizeof names[i],
        .msg_iov = &in_parts[i], .msg_iovlen = 1,
        .msg_control = controls[i], .msg_controllen = sizeof controls[i],
      };
    }
    int count = recvmmsg(udp, in, batch, MSG_DONTWAIT, NULL), wanted = 0;
    for (int i = 0; i < count; i++) {
      unsigned char *packet = (unsigned char *)packets[i];
      struct iovec *parts = out_parts[wanted];
      int blocks = 0;
      if (packet[1] == 1) parts[0] = (struct iovec){oack, said};
      else {
        unsigned acked = packet[2] << 8 | packet[3];
        for (size_t from = acked * block; blocks < window && from <= size; from += block, blocks++) {
          unsigned number = acked + blocks + 1;
          memcpy(heads[wanted][blocks], (char[]){0, 3, number >> 8, number}, 4);
          parts[2 * blocks] = (struct iovec){heads[wanted][blocks], 4};
          parts[2 * blocks + 1] = (struct iovec){bytes + from, size - from < block ? size - from : block};
        }
        if (packet[1] != 4 || blocks == 0) continue;
      }
      struct msghdr *message = &out[wanted++].msg_hdr;
      *message = in[i].msg_hdr;
      message->msg_iov = parts;
      message->msg_iovlen = blocks == 0 ? 1 : 2 * blocks;
      /* The address that was asked is the one that answers, whatever the interface. */
      struct cmsghdr *from = CMSG_FIRSTHDR(message);
      ((struct in_pktinfo *)CMSG_DATA(from))->ipi_ifindex = 0;
      if (blocks < 2) continue;
      message->msg_controllen = CMSG_SPACE(sizeof(struct in_pktinfo)) + CMSG_SPACE(sizeof(uint16_t));
      struct cmsghdr *cut = CMSG_NXTHDR(message, from);
      *cut = (struct cmsghdr){.cmsg_level = SOL_UDP, .cmsg_type = UDP_SEGMENT, .cmsg_len = CMSG_LEN(sizeof(uint16_t))};
      *(uint16_t *)CMSG_DATA(cut) = block + 4;
    }
    for (int done = 0; done < wanted;) {
      int taken = sendmmsg(udp, out + done, wanted - done, 0);
      if (taken < 0) return fail("sendmmsg");
      done += taken;
    }
  }
}
