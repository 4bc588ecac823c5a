import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, needPeer, server, untilListens } from './bench-lab.ts';

/**
 * nginx as its packages configure it (a worker for each core, sendfile, an access log into a file), with connections for a storm.
 * It keeps a connection for more than its usual thousand requests, since smee and the load do so, too.
 * @param locations what is in its one `server` block
 */
export async function startNginx(
  { prov, folder }: BenchLab,
  port: number,
  locations: string,
): Promise<LabProcess> {
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `
user root;
daemon off;
worker_processes auto;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
events { worker_connections 10000; }
http {
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  default_type text/plain;
  access_log ${folder}/nginx-access.log;
  client_body_temp_path ${folder}/nginx-body;
  server {
    listen ${server}:${port} backlog=4096;
    ${locations}
  }
}
`,
  );
  const nginx = prov.spawn(needPeer('nginx'), ['-c', file, '-e', `${folder}/nginx-error.log`]);
  await untilListens(prov, 'tcp', port);
  return nginx;
}
