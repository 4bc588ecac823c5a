/** A container's health check: exits 0 when `/readyz` on the given loopback port says 200. */
const [port = ''] = process.argv.slice(2);
const ready = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2500) }).then(
  (response) => response.ok,
  () => false,
);
process.exitCode = ready ? 0 : 1;
