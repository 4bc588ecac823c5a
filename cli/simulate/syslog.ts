import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { HostPort } from '#shared/config.ts';

/** local0.info (RFC 3164 §4.1.1): 16 × 8 + 6. */
const priority = 134;

/** Sends one line as iPXE does: RFC 3164, over UDP. Resolves when it has left; nobody answers. */
export async function sendSyslog(
  server: HostPort,
  localAddress: string | undefined,
  host: string,
  text: string,
): Promise<void> {
  const socket = createSocket('udp4');
  try {
    socket.bind(0, localAddress);
    await once(socket, 'listening');
    const line = `<${priority}>${timestamp(new Date())} ${host} smee-simulate: ${text}`;
    await new Promise<void>((resolve, reject) => {
      socket.send(line, server.port, server.host, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    socket.close();
  }
}

/** `Nov  2 13:05:09`, local time (RFC 3164 §4.1.2). */
function timestamp(now: Date): string {
  const month = now.toLocaleString('en', { month: 'short' });
  return `${month} ${String(now.getDate()).padStart(2)} ${now.toTimeString().slice(0, 8)}`;
}
