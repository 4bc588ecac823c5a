/** Run inside a namespace: the sums of metrics of the DHCP service over their labels, as one line of JSON: `metrics.ts NAME …` */
import { writeSync } from 'node:fs';

const text = await (await fetch('http://127.0.0.1:9102/metrics')).text();
const sums = process.argv.slice(2).map((name) => {
  const values = text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'));
  return [name, [...values].reduce((sum, [, value]) => sum + Number(value), 0)] as const;
});
writeSync(1, JSON.stringify(Object.fromEntries(sums)));
