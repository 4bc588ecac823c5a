import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabProcess } from '../test/support/lab-process.ts';
import { runNode } from '../test/support/lab-smee.ts';
import { type BenchLab, createBenchLab, needPeer, routeMachines, server, startService } from './bench-lab.ts';
import { compile } from './compile.ts';
import { untilAnswered } from './dhcp-generators.ts';
import { carry, type Load } from './http-load.ts';
import { startNginx } from './nginx.ts';
import { macOfMachine } from './records.ts';
import type { Effort, Figures, Row, Scenario, Shown } from './scenario.ts';
import { type ScriptOrders, writeScripts } from './script-files.ts';
import { wrk } from './wrk.ts';

const machines = 10_000;

/** The networks of bench/records.ts' first ten thousand addresses. */
export const machinesNets = ['10.77.16.0/20', '10.77.32.0/19'];

/** How scripts are asked for: by the machine's own URL unless it says otherwise. */
const loads = {
  /** Each machine once, as after a power cut. */
  first: { connections: 'new', atOnce: 1000, seconds: 0 },
  new: { connections: 'new', atOnce: 64 },
  address: { connections: 'new', atOnce: 64, orders: 'address' },
  kept: { connections: 'kept', atOnce: 64 },
} as const satisfies Readonly<Record<string, Partial<Load>>>;

type LoadName = keyof typeof loads;

interface Server {
  readonly name: 'nginx' | 'node' | 'smee';
  readonly port: number;
  readonly loads: readonly LoadName[];
  start(lab: BenchLab, root: string): Promise<LabProcess>;
}

/** smee comes last: what it tells the hardware service disturbs nobody else's turn. */
export const scriptServers: readonly Server[] = [
  {
    name: 'nginx',
    port: 8081,
    loads: ['first', 'new', 'address', 'kept'],
    start: (lab, root) =>
      startNginx(lab, 8081, `root ${root}; location = /auto.ipxe { alias ${root}/by-address/$remote_addr; }`),
  },
  {
    name: 'node',
    port: 8082,
    loads: ['new', 'kept'],
    async start({ prov }, root) {
      const args = [server, '8082', join(root, macOfMachine(0), 'auto.ipxe')];
      return runNode(prov, 'bench/inside/constant-http.ts', args);
    },
  },
  {
    name: 'smee',
    port: 8080,
    loads: ['first', 'new', 'address', 'kept'],
    start: (lab) => startService(lab, 'http', []),
  },
];

/** Seconds until V8 has compiled what is asked for all the time. */
const warmUp = { quick: 0.5, full: 1.5 } as const;

async function measure(effort: Effort): Promise<Figures> {
  const seconds = effort === 'quick' ? 0.3 : 0.6;
  await using lab = await createBenchLab(machines);
  await routeMachines(lab, ...machinesNets);
  const root = join(lab.folder, 'scripts');
  const orders = await writeScripts(root, machines);
  const generator = compile(needPeer('cc'), 'http-load', lab.folder);

  const figures: Record<string, number> = {};
  for (const { name, port, loads: wanted, start } of scriptServers) {
    await using running = await start(lab, root);
    const take = (load: LoadName, how: Partial<Load> = {}) =>
      carry(lab, generator, running, port, {
        seconds,
        ...loads[load],
        ...how,
        orders: ordersFor(name, load, orders),
      });
    if (name !== 'smee') await untilAnswered(() => take('kept', { seconds: 0.01 }));
    for (const load of wanted) {
      // What comes after a machine's first request is asked of a service that is warm.
      if (load === 'new' && name !== 'nginx') await take('new', { seconds: warmUp[effort] });
      const { rate, cpu, loadCpu } = await take(load);
      figures[`${name} ${load} rate`] = rate;
      figures[`${name} ${load} cpu`] = cpu * 1e6;
      figures[`${name} ${load} load`] = loadCpu * 1e6;
    }
    if (name !== 'node' && effort === 'full')
      figures[`${name} wrk`] = await wrk(
        lab,
        64,
        '-s',
        eachPath,
        `http://${server}:${port}`,
        '--',
        orders.paths,
      );
  }
  return { ...figures, ...ratios(figures) };
}

/** A server of one constant owes every machine the same. */
function ordersFor(name: Server['name'], load: LoadName, orders: ScriptOrders): string {
  if (name === 'node') return orders.constant;
  return load === 'address' ? orders.address : orders.mac;
}

/** Each machine's own URL in turn. */
const eachPath = fileURLToPath(new URL('inside/scripts.lua', import.meta.url));

function ratios(figures: Figures): Figures {
  const of = (one: string, other: string) => (figures[one] ?? Number.NaN) / (figures[other] ?? Number.NaN);
  const names = ['first rate', 'new rate', 'address rate', 'kept rate', 'new cpu', 'kept cpu', 'wrk'];
  return Object.fromEntries([
    ...names.map((name) => [`${name} smee / nginx`, of(`smee ${name}`, `nginx ${name}`)]),
    ...['new rate', 'kept rate'].map((name) => [`${name} smee / node`, of(`smee ${name}`, `node ${name}`)]),
  ]);
}

const promise = (work: string, figure: string): Row => ({
  work,
  unit: '/s',
  ours: `smee ${figure}`,
  peer: { name: 'nginx, the same bytes in files', figure: `nginx ${figure}` },
  ratio: `${figure} smee / nginx`,
  limit: { name: 'a bare node:http server with one answer for all', figure: `node ${figure}` },
  target: { figure: `${figure} smee / nginx`, atLeast: 0.5, unit: ' ×', digits: 2 },
});

const row = (what: string, figure: string): Shown => ({
  what,
  columns: {
    smee: `smee ${figure}`,
    nginx: `nginx ${figure}`,
    'bare node:http': `node ${figure}`,
    'smee / nginx': `${figure} smee / nginx`,
    'smee / bare': `${figure} smee / node`,
  },
  unit: '',
});

export const scripts: Scenario = {
  title: 'iPXE scripts over HTTP, beside nginx with the same bytes in files',
  about: `Two network namespaces and a veth pair between them; ${machines} records, and a machine with an address of its own for each. Each
asks for its own script, as iPXE does, and every byte of every answer is compared (\`bench/inside/http-load.c\`). 64 ask at a time, or
1000 where each machine asks once, for the first time: smee has then decided nothing for it before. A new connection for each script is what machines
do that boot; kept connections show what the script itself costs. nginx has the same scripts as files, a worker for each core, sendfile, and
its access log in a file; smee its log in a file, its metrics, and it tells the hardware service. The limit of a service on Node is a bare
\`node:http\` server that answers everything with the same bytes. CPU is of the server, all its processes; the load's own is shown, too.
wrk, over kept connections, is the outside judge. A single process of smee serves one core: more replicas (\`--scale http=3\`) serve more.`,
  measure,
  rows: [
    promise('iPXE scripts, each machine its own, over a connection of its own', 'new rate'),
    promise('iPXE scripts, each machine its own, over kept connections', 'kept rate'),
  ],
  shown: [
    row('new connections: scripts/s', 'new rate'),
    row('new connections: CPU per script, µs', 'new cpu'),
    row('new connections: CPU of the load per script, µs', 'new load'),
    row('new connections, found by address: scripts/s', 'address rate'),
    row('new connections, each machine once: scripts/s', 'first rate'),
    row('new connections, each machine once: CPU per script, µs', 'first cpu'),
    row('kept connections: scripts/s', 'kept rate'),
    row('kept connections: CPU per script, µs', 'kept cpu'),
    row('kept connections: CPU of the load per script, µs', 'kept load'),
    row('wrk, kept connections: scripts/s', 'wrk'),
  ],
  targets: [],
};
