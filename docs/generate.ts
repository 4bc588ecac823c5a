/**
 * Writes the pages of docs/ that say what the code already knows: settings, reasons, firmware quirks, metrics,
 * and what was measured. `npm run generate:docs` writes them; a test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { quirkNames, quirksLabel } from '#shared/boot/quirks.ts';
import { reasons } from '#shared/boot/reasons.ts';
import { type Table, variablesOf } from '#shared/config.ts';
import { eventMetrics } from '#shared/events/metrics.ts';
import { replicaMetrics } from '#shared/hardware/replica-metrics.ts';
import { traceMetrics } from '#shared/trace/metrics.ts';
import { generatedFrom } from '../bench/results.ts';
import { findings } from '../cli/doctor/findings.ts';
import { doctorSettings } from '../cli/doctor/site.ts';
import { upSettings } from '../cli/up/settings.ts';
import { dashboardSettings } from '../services/dashboard/config.ts';
import { dashboardMetrics } from '../services/dashboard/metrics.ts';
import { dhcpSettings } from '../services/dhcp/config.ts';
import { quirkEffects, quirks } from '../services/dhcp/decide/quirks.ts';
import { dhcpMetrics } from '../services/dhcp/metrics.ts';
import { hardwareSettings } from '../services/hardware/config.ts';
import { hardwareMetrics } from '../services/hardware/metrics.ts';
import { httpSettings } from '../services/http/config.ts';
import { httpMetrics } from '../services/http/metrics.ts';
import { syslogSettings } from '../services/syslog/config.ts';
import { syslogMetrics } from '../services/syslog/metrics.ts';
import { tftpSettings } from '../services/tftp/config.ts';
import { tftpMetrics } from '../services/tftp/metrics.ts';

const tables: Readonly<Record<string, Table>> = {
  'smee up': upSettings,
  'smee doctor': doctorSettings,
  hardware: hardwareSettings,
  dhcp: dhcpSettings,
  tftp: tftpSettings,
  http: httpSettings,
  syslog: syslogSettings,
  dashboard: dashboardSettings,
};

const metricSets: Readonly<Record<string, (registry: Registry) => unknown>> = {
  hardware: hardwareMetrics,
  dhcp: dhcpMetrics,
  tftp: tftpMetrics,
  http: httpMetrics,
  syslog: syslogMetrics,
  dashboard: dashboardMetrics,
  'the replica, in every service but hardware': replicaMetrics,
  'boot events, in dhcp, tftp, http and syslog': (registry) => eventMetrics(registry, () => 0),
  'traces, in dhcp, tftp and http, when they are sent anywhere': traceMetrics,
};

const generatedNote =
  '<!-- Written by `npm run generate:docs`; a test compares. Edit the source instead. -->';

/** A vertical bar inside a cell would end it. */
function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function configuration(): string {
  const parts = Object.entries(tables).map(([service, table]) => {
    const rows = Object.values(table)
      .toSorted((a, b) => a.flag.localeCompare(b.flag))
      .map((one) =>
        row(
          `\`--${one.flag}\``,
          variablesOf(one)
            .map((name) => `\`${name}\``)
            .join(' '),
          one.kind.name,
          one.default === undefined ? '–' : `\`${one.default}\``,
          one.help,
        ),
      );
    return `## ${service}\n\n| flag | variable | value | default | meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `${generatedNote}
# Configuration

Every setting is an environment variable and a flag; the flag wins. An empty variable counts as unset. Flags follow Go's
syntax: \`-x\`, \`--x\`, \`-x=v\`, \`--x v\`; a boolean is set false only as \`-x=false\`. Durations are Go's (\`5s\`, \`1m30s\`,
\`250ms\`) or plain seconds. A setting that makes no sense stops the start, with every problem listed.

\`smee up\` takes the settings of every service.

${parts.join('\n')}`;
}

function errors(): string {
  const rows = Object.entries(reasons).map(([code, { means, action }]) => row(`\`${code}\``, means, action));
  return `${generatedNote}
# Reasons

Every answer, and every silence, carries one of these as \`why\` in the log line, as a label in the metrics, and in the body of
an HTTP error. The list is closed and its codes are stable.

| why | what it means | what to do |
|---|---|---|
${rows.join('\n')}
`;
}

async function metrics(): Promise<string> {
  const parts: string[] = [];
  for (const [service, create] of Object.entries(metricSets)) {
    const registry = new Registry();
    create(registry);
    const rows = (await registry.getMetricsAsJSON())
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map((one) => row(`\`${one.name}\``, String(one.type), one.help));
    parts.push(`## ${service}\n\n| metric | type | what it says |\n|---|---|---|\n${rows.join('\n')}\n`);
  }
  return `${generatedNote}
# Metrics

Every service answers \`/metrics\` in Prometheus' text format, on the address of its ops settings (\`http\` on its own port). Beside
these, each has the usual metrics of a Node.js process (memory, CPU, event-loop lag) with the prefix \`smee_\`.

Metrics without that prefix have Smee's names, for dashboards that were made for it; the others say more. Of Smee's, there are no
\`discover_duration_seconds\` and \`discover_in_progress\` (a look-up is in memory and takes a microsecond), no
\`jobs_duration_seconds\` and \`jobs_in_progress\` in \`dhcp\` (the log line of a packet has its \`ms\`), and no label \`giaddr\`
(any sender can make up new values).

${parts.join('\n')}`;
}

function firmwareQuirks(): string {
  const rows = quirks.map(({ name, who, sign, source }) =>
    row(who, `\`${name}\``, sign === undefined ? 'its record says so' : 'by itself', source),
  );
  const effects = quirkNames.map((name) => row(`\`${name}\``, quirkEffects[name]));
  return `${generatedNote}
# Firmware quirks

What firmware needs beyond the standards. The table is \`services/dhcp/decide/quirks.ts\`, and each row has its test in
\`test/unit/services/dhcp/decide/quirks.test.ts\`.

| whose | quirk | found | known from |
|---|---|---|---|
${rows.join('\n')}

| quirk | what is different |
|---|---|
${effects.join('\n')}

A record overrules the table for its machine, in the label \`${quirksLabel}\`: quirks joined by dots, or \`none\`.

\`\`\`yaml
metadata:
  name: rack1-node07
  labels:
    ${quirksLabel}: boot-file-on-4011
\`\`\`
`;
}

function doctor(): string {
  const rows = Object.entries(findings).map(([code, { means, action }]) => row(`\`${code}\``, means, action));
  return `${generatedNote}
# smee doctor

Run on the provisioner, it looks for what usually goes wrong, and says how to mend it. It takes under fifteen seconds.

\`\`\`sh
npx smee doctor                   # beside a running smee up, which it finds by itself
sudo npx smee doctor --iface eth1 # services of their own: say what they were started with
npx smee doctor --json            # for scripts
\`\`\`

It prints "all well" and exits with 0, or prints what it found and exits with 1; 2 is wrong usage. It takes the settings of all services,
as variables and flags, and reads data/up.json. A finding that follows from another one is left out: where port 69 is taken, it is
not said that TFTP does not run. "(likely)" stands where the signs could have another cause, and "not looked at" where this user or this
host does not let it look.

## What it does, and to whom

It speaks with codecs that are not ours: DHCP with npm's \`dhcp\`, TFTP with \`tftp2\`, large blocks with curl. Nothing leaves the
host but on the interfaces that are served, and to the servers that settings and records name.

- **Ports and rights**: who has a port (/proc), whether this user may open it.
- **Another DHCP server**: two DISCOVERs, one of an ordinary host and one of PXE firmware, by broadcast, under a MAC that begins with
  \`02:5d:0c\`. No REQUEST follows. Beside the proxy modes, a server that gives addresses only is welcome. A DHCP client that holds port
  68 on every device stops this probe, which is said.
- **Firewall**: the rules are read (nft, iptables), never changed, and count only where it is certain that they drop a packet. On a
  bridge, as root, it also plugs in a machine of its own for two seconds, a network namespace with a free address of the network,
  that fetches a loader by TFTP. On another network card a packet cannot be made to come in, so there the rules have the only word.
- **Path MTU**: hosts that live on the interface (neighbours, gateways, machines of records) are pinged with packets that may not be taken
  apart, up to 1500 bytes. Where none answers a short ping, nothing is known, and nothing is said.
- **Loaders**: each loader that records and the latest boots ask for is read by TFTP; where TFTP does not answer, the folder is looked into.
- **Clock**: NTP servers of the records have the last word. Without them, a battery clock that differs by more than 15 hours, or a file, a
  database or a boot event from the future, makes a wrong clock likely. A clock that is ahead, with neither NTP nor a battery clock, is
  not noticed.

In a container (\`docker compose run --rm smee doctor\`) it sees the hardware service, the records and the clock, and says that it
sees nothing of the host. Run it there, too.

## What it can find

| code | what it means | what to do |
|---|---|---|
${rows.join('\n')}
`;
}

/** Each generated page by its file name in docs/. */
export async function generatedPages(): Promise<Readonly<Record<string, string>>> {
  return {
    ...generatedFrom(readFileSync(new URL('benchmarks.md', import.meta.url), 'utf8')),
    'configuration.md': configuration(),
    'doctor.md': doctor(),
    'errors.md': errors(),
    'firmware-quirks.md': firmwareQuirks(),
    'metrics.md': await metrics(),
  };
}

if (import.meta.main) {
  for (const [name, content] of Object.entries(await generatedPages())) {
    writeFileSync(new URL(name, import.meta.url), content);
  }
}
