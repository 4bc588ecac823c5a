/** Run inside a namespace: how many boot events the DHCP service has told, as its metrics say. */
import { writeSync } from 'node:fs';

const metrics = await (await fetch('http://127.0.0.1:9102/metrics')).text();
const [, told = '0'] = /^smee_events_total\{.*outcome="told".*\} (\d+)$/m.exec(metrics) ?? [];
writeSync(1, told);
