/* What every load over HTTP that is written in C begins with. Before it: _GNU_SOURCE. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* Seconds. */
static double clock_of(clockid_t id) {
  struct timespec time;
  clock_gettime(id, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

/* A whole file, in memory already when its bytes are looked at. */
static const char *map_file(const char *path, size_t *length) {
  struct stat about;
  int opened = open(path, O_RDONLY);
  if (opened < 0 || fstat(opened, &about) < 0) die(path);
  const char *bytes = mmap(NULL, about.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, opened, 0);
  if (bytes == MAP_FAILED) die(path);
  *length = about.st_size;
  return bytes;
}
