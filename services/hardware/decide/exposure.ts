/** How the service is about to be reachable. */
export interface Exposure {
  /** As it is bound: a literal address, or a name. */
  readonly host: string;
  readonly clientCa: boolean;
  readonly token: boolean;
  readonly insecure: boolean;
}

/**
 * Whoever writes a record is root on that machine, and reading shows secrets: beyond loopback, callers are asked who they
 * are. Gives back what is wrong; undefined when the service may listen like this.
 */
export function exposureProblem({ host, clientCa, token, insecure }: Exposure): string | undefined {
  if (isLoopback(host) || clientCa || token || insecure) return undefined;
  return (
    `SMEE_HARDWARE_BIND: ${host} is not a loopback address, and nobody is asked who calls. Set SMEE_TLS_CERT, SMEE_TLS_KEY and ` +
    'SMEE_TLS_CLIENT_CA, or SMEE_TOKEN_FILE; or SMEE_HARDWARE_INSECURE=true where only trusted hosts reach it'
  );
}

/** 127.0.0.0/8 and ::1, literally: a name (even localhost) may lead elsewhere. */
export function isLoopback(host: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || host === '::1';
}
