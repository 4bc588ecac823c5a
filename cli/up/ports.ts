import { createSocket } from 'node:dgram';
import type { UpSettings } from './settings.ts';

/** Where a port goes that this user may not have. */
export const aside = 10_000;

export interface Allowed {
  readonly settings: UpSettings;
  /** The ports that were wanted and are not allowed. */
  readonly moved: readonly number[];
}

/** Moves each port that this user may not bind to 10000 + port, so that everything can be tried without being root. */
export async function allowPorts(wanted: UpSettings): Promise<Allowed> {
  const moved: number[] = [];
  const allow = async (port: number) => {
    if (await isAllowed(port)) return port;
    moved.push(port);
    return aside + port;
  };
  const { dhcp, tftp, http, syslog } = wanted;
  const settings = {
    ...wanted,
    dhcp: { ...dhcp, addr: { ...dhcp.addr, port: await allow(dhcp.addr.port) } },
    tftp: { ...tftp, tftpPort: await allow(tftp.tftpPort) },
    http: {
      ...http,
      httpPort: await allow(http.httpPort),
      httpsBindPort: http.tlsCertFile === undefined ? http.httpsBindPort : await allow(http.httpsBindPort),
    },
    syslog: { ...syslog, syslogPort: await allow(syslog.syslogPort) },
  };
  return { settings, moved };
}

/** Asked by trying: root, capabilities and net.ipv4.ip_unprivileged_port_start all have a say. */
export function isAllowed(port: number): Promise<boolean> {
  if (port === 0 || port >= 1024) return Promise.resolve(true);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createSocket('udp4');
  socket.once('error', (error) => {
    socket.close();
    // The kernel looks at the right first: a port that is taken is one that is allowed.
    resolve(!('code' in error && error.code === 'EACCES'));
  });
  socket.bind(port, '127.0.0.1', () => {
    socket.close();
    resolve(true);
  });
  return promise;
}
