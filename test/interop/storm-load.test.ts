import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type BenchLab, createBenchLab } from '../../bench/bench-lab.ts';
import type { Counted } from '../../bench/inside/storm/fleet.ts';
import { type Ground, prepareGround } from '../../bench/storm-ground.ts';
import { startStorm } from '../../bench/storm-run.ts';
import { startSmee, stopSide } from '../../bench/storm-servers.ts';

type Plan = Ground['plan'];

const machines = 3;

describe('bench/inside/storm-load.ts', function () {
  this.timeout(60_000);
  let lab: BenchLab;
  let ground: Ground;

  before(async () => {
    lab = await createBenchLab(machines);
    ground = await prepareGround(lab);
    const side = await startSmee(lab, ground);
    after(async () => {
      await stopSide(side);
      await lab[Symbol.asyncDispose]();
    });
  });

  const run = async (plan: Plan) => {
    const storm = await startStorm(lab, { ...plan, powerOn: { again: false }, seconds: 20 });
    return { code: await storm.ended(30_000), said: storm.output };
  };

  it('brings every machine up', async () => {
    const { code, said } = await run(ground.plan);
    expect(code, said).to.equal(0);
    const counted = JSON.parse(said) as Counted;
    expect(counted).to.include({ up: machines, failed: 0, underWay: 0 });
    expect(counted.dhcp.p99).to.be.greaterThan(0);
  });

  /** The same file with one byte changed. */
  const planted = async (path: string, byte: number): Promise<string> => {
    const bytes = await readFile(path);
    bytes[byte]! ^= 1;
    const changed = join(lab.folder, 'planted');
    await writeFile(changed, bytes);
    return changed;
  };

  const plants: readonly (readonly [
    what: string,
    plan: (plan: Plan) => Plan | Promise<Plan>,
    says: RegExp,
  ])[] = [
    [
      'in the last block of the loader',
      async (plan) => ({
        ...plan,
        loader: { ...plan.loader, path: await planted(plan.loader.path, 74_999) },
      }),
      /machine \d \(.*\): block 52 of the loader is not what it must be/,
    ],
    [
      'in the script',
      async (plan) => ({ ...plan, script: { ...plan.script, path: await planted(plan.script.path, 500) } }),
      /the script is not what it must be, after byte 0/,
    ],
    [
      'in the last byte of the kernel that is fetched',
      async (plan) => ({
        ...plan,
        kernel: { ...plan.kernel, path: await planted(plan.kernel.path, 999_999) },
      }),
      /the kernel is not what it must be, after byte \d+/,
    ],
    [
      "in the name of the ROM's boot file",
      (plan) => ({ ...plan, loader: { ...plan.loader, name: 'undionly.kpxf' } }),
      /DHCP says boot file undionly\.kpxe/,
    ],
    [
      "in the URL of iPXE's script",
      (plan) => ({ ...plan, script: { ...plan.script, url: plan.script.url.replace('auto', 'autp') } }),
      /DHCP says boot file http:\/\/.*\/auto\.ipxe/,
    ],
    [
      'in the name of the kernel',
      (plan) => ({ ...plan, kernel: { ...plan.kernel, name: 'vmlinuz-x86_65' } }),
      /its kernel is http:\/\/.*\/artifacts\/vmlinuz-x86_64/,
    ],
  ];

  for (const [what, plant, says] of plants) {
    it(`ends with an error when a byte is wrong ${what}`, async () => {
      const { code, said } = await run(await plant(ground.plan));
      expect(code).to.equal(1);
      expect(said).to.match(says);
    });
  }
});
