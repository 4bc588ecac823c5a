/**
 * Everything at once, from a process of its own: `burst-process.ts TFTP HTTP SYSLOG MILLISECONDS`, ports of 127.0.0.1. Says
 * `bursting` when it begins, and at the end how much was done, as JSON.
 */
import { createSocket } from 'node:dgram';
import { setImmediate as breath } from 'node:timers/promises';
import { fetchBody } from './load.ts';
import { fetch as fetchByTftp, TftpClient } from './tftp.ts';

const [tftp = 0, http = 0, syslog = 0, ms = 0] = process.argv.slice(2).map(Number);
const host = '127.0.0.1';
const until = performance.now() + ms;
const done = { transfers: 0, downloads: 0, messages: 0 };

async function transfer(): Promise<void> {
  while (performance.now() < until) {
    await using client = await TftpClient.open({ host, port: tftp });
    await fetchByTftp(client, 'ipxe.efi', { blksize: 1428, windowsize: 16 });
    done.transfers++;
  }
}

async function download(): Promise<void> {
  while (performance.now() < until) {
    await fetchBody(`http://${host}:${http}/artifacts/image`);
    done.downloads++;
  }
}

async function shout(): Promise<void> {
  const socket = createSocket('udp4');
  const line = `<13>Oct 11 22:14:15 host app: ${'x'.repeat(200)}`;
  while (performance.now() < until) {
    for (let count = 0; count < 100; count++) socket.send(line, syslog, host);
    done.messages += 100;
    await breath();
  }
  socket.close();
}

process.stdout.write('bursting\n');
const eight = Array.from({ length: 8 });
await Promise.all([...eight.map(transfer), ...eight.map(download), shout()]);
process.stdout.write(`${JSON.stringify(done)}\n`);
