import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { find } from '../test/support/clients.ts';

/** Each program that a scenario compares with or is judged by, and the Debian packages that bring it. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'kea-dhcp4': ['kea-dhcp4-server'],
  perfdhcp: ['kea-admin'],
  dhcpd: ['isc-dhcp-server'],
  dnsmasq: ['dnsmasq-base'],
  'in.tftpd': ['tftpd-hpa'],
  nginx: ['nginx-light'],
  wrk: ['wrk'],
  cc: ['gcc', 'libc6-dev'],
};

/** Debian asks this program before it starts a server that it has just installed; 101 means no (invoke-rc.d). */
const policy = '/usr/sbin/policy-rc.d';

/** The line that brings what is missing. */
export const installLine = `apt-get install --no-install-recommends ${Object.values(packages).flat().join(' ')}`;

/** Installs the peers that are missing, as root, without letting Debian start one of them as a server of this machine. */
export function installPeers(say: (text: string) => void): void {
  const missing = Object.keys(packages).filter((command) => find(command) === undefined);
  if (missing.length === 0) return;
  const wanted = missing.flatMap((command) => packages[command] ?? []);
  if (process.getuid?.() !== 0) throw new Error(`${missing.join(', ')} missing; as root: ${installLine}`);
  say(`installing ${wanted.join(' ')}`);
  const guard = !existsSync(policy);
  if (guard) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update');
    apt('install', '--no-install-recommends', ...wanted);
  } finally {
    if (guard) rmSync(policy);
  }
}

function apt(...args: readonly string[]): void {
  const options = ['-qq', '--yes', '-o', 'Acquire::Retries=3'];
  const command = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...options, ...args];
  const { status, stdout, stderr } = spawnSync('env', command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
