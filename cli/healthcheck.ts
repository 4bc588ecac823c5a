/**
 * A container's health check: exits 0 when `/readyz` says 200.
 *
 * `healthcheck.ts 9102 SMEE_DHCP_OPS_ADDR`: the service's usual port, and the variable that moves it (a port, or host:port).
 * It reads no settings table: it runs every few seconds beside the service, so it must cost little.
 */
const [usual = '', variable = ''] = process.argv.slice(2);
const { env } = process;
const [, host, port = ''] = /^(?:(.*):)?(\d+)$/.exec(env[variable] || usual) ?? [];
const everywhere: Readonly<Record<string, string>> = {
  '': '127.0.0.1',
  '0.0.0.0': '127.0.0.1',
  '[::]': '[::1]',
};
const there = everywhere[host ?? ''] ?? host;

const ready = await fetch(`http://${there}:${port}/readyz`, { signal: AbortSignal.timeout(2500) }).then(
  (response) => response.ok,
  () => false,
);
process.exitCode = ready ? 0 : 1;
