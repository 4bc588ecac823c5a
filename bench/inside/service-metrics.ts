/**
 * Run inside a namespace: what the services here say in their metrics, as one line of JSON: a service's name, and its figures
 * by name and labels.
 *
 *     metrics.ts <service>=<port> …
 */
import { writeSync } from 'node:fs';

const figures: Record<string, Record<string, number>> = {};
for (const word of process.argv.slice(2)) {
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
writeSync(1, `${JSON.stringify(figures)}\n`);
