/**
 * Run inside a namespace: what the services here say in their metrics, as a line of JSON: a service's name, and its figures
 * by name and labels. Once, or every so many seconds for as long as it runs.
 *
 *     service-metrics.ts <seconds, 0 for once> <service>=<port> …
 */
import { writeSync } from 'node:fs';
import { setInterval as every } from 'node:timers/promises';

export type ServiceFigures = Readonly<Record<string, Readonly<Record<string, number>>>>;

const [seconds = '0', ...services] = process.argv.slice(2);

async function ask(): Promise<void> {
  const figures: Record<string, Record<string, number>> = {};
  for (const word of services) {
    const [service = '', port] = word.split('=');
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const lines = text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm);
    figures[service] = Object.fromEntries(
      [...lines].map(([, name, labels = '', value]) => [
        `${name} ${labels.replace(/,?service="[^"]*"/, '')}`.trim(),
        Number(value),
      ]),
    );
  }
  writeSync(1, `${JSON.stringify(figures satisfies ServiceFigures)}\n`);
}

await ask();
if (Number(seconds) > 0) for await (const _ of every(Number(seconds) * 1000)) await ask();
