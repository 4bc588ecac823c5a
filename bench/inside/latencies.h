/* How long answers took, for a load that is written in C. */
#include <stdlib.h>

static double *took;
static size_t taken;

static void note(double seconds) {
  if ((taken & (taken - 1)) == 0) took = realloc(took, (taken == 0 ? 1 : 2 * taken) * sizeof *took);
  took[taken++] = seconds;
}

static int later(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

/* So many of a hundred took less, in milliseconds; 0 when there are none. */
static double percentile(int hundredths) {
  qsort(took, taken, sizeof *took, later);
  return taken == 0 ? 0 : took[taken * hundredths / 100] * 1e3;
}
