import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../services/hardware/main.ts', import.meta.url));

/** The service as a process of its own, and the port it serves on; killed when the scope ends. */
export async function spawnHardware(path: string) {
  const child = spawn(
    process.execPath,
    [main, '--hardware-bind', '127.0.0.1:0', '--hardware-ops-addr', '127.0.0.1:0', '--sqlite-path', path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, address } = JSON.parse(line) as { msg: string; address?: { port: number } };
    if (msg === 'listening' && address !== undefined)
      return { child, port: address.port, [Symbol.dispose]: () => void child.kill('SIGKILL') };
  }
  throw new Error('the service ended before it served');
}
