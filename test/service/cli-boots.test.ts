import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { smee, startSmee } from '../support/cli.ts';
import { ScriptedBoots } from '../support/scripted-boots.ts';
import { until } from '../support/until.ts';

const machine = { mac: '52:54:00:77:00:07', name: 'node07' };

function event(parts: BootEvent): BootEvent {
  return {
    timeUnixMilli: Date.UTC(2026, 6, 1, 12, 0, 0, 250),
    machine,
    stage: 'DHCP',
    outcome: 'YES',
    reason: 'ok',
    said: 'OFFER',
    bootId: 1,
    ...parts,
  };
}

const boot: Boot = {
  id: 1,
  machine,
  state: 'FAILED',
  stage: 'TFTP',
  reason: 'timed-out',
  detail: 'ipxe.efi',
  means: 'The client stopped acknowledging.',
  action: 'Check the way back to the client (routes, firewall, path MTU).',
  arch: 'x86_64 UEFI',
  startedUnixMilli: Date.UTC(2026, 6, 1, 12),
  lastUnixMilli: Date.UTC(2026, 6, 1, 12, 0, 4),
  events: 1,
  stages: [
    { stage: 'DHCP', ok: true, startedUnixMilli: 0, lastUnixMilli: 30 },
    { stage: 'TFTP', ok: false, startedUnixMilli: 40, lastUnixMilli: 4040 },
  ],
};

/** A `smee watch` that listens. */
async function watching(boots: ScriptedBoots, ...args: readonly string[]) {
  const cli = startSmee(['watch', '--server', boots.address, ...args], { cwd: '/', env: { TZ: 'UTC' } });
  const stack = new AsyncDisposableStack();
  stack.defer(async () => {
    cli.kill('SIGKILL');
    await cli.ended;
  });
  await until('it watches', () => boots.watchers === 1);
  return { cli, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('cli/watch.ts', () => {
  it('shows each event in a line, and a line more when a boot gets another state', async () => {
    await using boots = await ScriptedBoots.start();
    await using watch = await watching(boots);
    boots.tell(
      event({ details: { file: 'ipxe.efi', ip: '192.168.77.107', bytes: '328' }, durationMicros: 1200 }),
      {
        ...boot,
        state: 'BOOTING',
      },
    );
    boots.tell(
      event({
        stage: 'TFTP',
        outcome: 'NO',
        said: 'DATA',
        reason: 'timed-out',
        details: { file: 'ipxe.efi' },
      }),
      boot,
    );
    boots.tell(
      event({ stage: 'SYSLOG', outcome: 'HEARD', said: 'message', details: { text: 'hello' } }),
      boot,
    );
    boots.tell(
      event({
        stage: 'HTTP',
        outcome: 'HEARD',
        said: 'fetching',
        details: { file: '/artifacts/vmlinuz', bytes: '120000000', size: '400000000' },
        durationMicros: 20_000_000,
      }),
      { ...boot, id: 2, state: 'BOOTING', reason: 'fetching', detail: 'vmlinuz, 120 of 400 MB' },
    );
    await until('four events', () => watch.cli.stdout.includes('400 MB'));
    expect(watch.cli.stdout.split('\n')).to.deep.equal([
      '12:00:00.250  node07             dhcp    ✓ OFFER       ipxe.efi  for 192.168.77.107  1.2 ms',
      '12:00:04.000  node07             boot    ▸ booting     x86_64 UEFI',
      '12:00:00.250  node07             tftp    ✗ DATA        timed-out (ipxe.efi): The client stopped acknowledging.',
      '12:00:04.000  node07             boot    ✗ failed      at tftp: timed-out (ipxe.efi)  The client stopped acknowledging.  → Check the way back to the client (routes, firewall, path MTU).',
      '12:00:00.250  node07             syslog  · message     hello',
      '12:00:00.250  node07             http    · fetching    /artifacts/vmlinuz  120,000,000 of 400,000,000 bytes  20.0 s',
      '12:00:04.000  node07             boot    ▸ booting     x86_64 UEFI, fetching vmlinuz, 120 of 400 MB',
      '',
    ]);
    expect(watch.cli.stderr).to.equal('watching all machines; Ctrl-C ends\n');
    watch.cli.kill('SIGINT');
    expect(await watch.cli.ended).to.equal(0);
  });

  it('follows one machine, and shows no terminal what a machine would have it do', async () => {
    await using boots = await ScriptedBoots.start();
    await using watch = await watching(boots, 'node07');
    expect(boots.asked).to.deep.equal([{ machine: 'node07', afterId: 0 }]);
    const evil = '\u001b[2J\u009b31m\u202e\n';
    boots.tell(
      event({
        machine: { mac: evil, name: evil },
        said: evil,
        outcome: 'NO',
        reason: evil,
        details: { file: evil, detail: evil },
      }),
      { ...boot, machine: { name: evil }, arch: evil, detail: evil, reason: evil, means: evil, action: evil },
    );
    await until('two lines', () => watch.cli.stdout.split('\n').length === 3);
    expect(watch.cli.stdout)
      .to.match(/^[\P{Cc}\n]+$/u)
      .and.not.to.contain('\u202e');
  });

  it('takes up again where it was, when the service restarts and when it reads too slowly', async () => {
    await using boots = await ScriptedBoots.start();
    boots.tell(event({}));
    await using watch = await watching(boots);
    boots.tell(event({ said: 'ACK' }));
    await until('the first', () => watch.cli.stdout.includes('ACK'));
    boots.breakOff(status.RESOURCE_EXHAUSTED);
    await until('it is back', () => boots.watchers === 1);
    await boots.stop();
    boots.tell(event({ said: 'NAK' }));
    await boots.start();
    await until('what was missed', () => watch.cli.stdout.includes('NAK'));
    expect(boots.asked.map(({ afterId }) => afterId)).to.deep.equal([1, 2, 2]);
    expect(watch.cli.stdout).not.to.contain('OFFER');
    expect(watch.cli.stderr).to.match(/does not answer.*; trying again\n$/);
  });

  it('writes JSON that holds nothing but ASCII', async () => {
    await using boots = await ScriptedBoots.start();
    await using watch = await watching(boots, '--json');
    boots.tell(event({ details: { file: '\u202eé' } }), boot);
    await until('two lines', () => watch.cli.stdout.split('\n').length === 3);
    expect(watch.cli.stdout).to.match(/^[\n -~]+$/);
    const [first, second] = watch.cli.stdout
      .split('\n')
      .slice(0, 2)
      .map((line) => JSON.parse(line));
    expect(first.event).to.deep.include({ id: 1, stage: 'DHCP', details: { file: '\u202eé' } });
    expect(second.boot).to.include({ state: 'FAILED', reason: 'timed-out' });
  });

  it('shows first what happened since then', async () => {
    await using boots = await ScriptedBoots.start();
    boots.tell(event({ said: 'OFFER', timeUnixMilli: Date.now() - 3_600_000 }));
    boots.tell(event({ said: 'ACK', timeUnixMilli: Date.now() - 60_000 }));
    await using watch = await watching(boots, '--since', '10m');
    await until('what happened before', () => watch.cli.stdout.includes('ACK'));
    expect(watch.cli.stdout).not.to.contain('OFFER');
  });

  it('ends with 3 when there is no such machine', async () => {
    await using boots = await ScriptedBoots.start();
    const { code, stderr } = await smee(['watch', 'nobody', '--server', boots.address], { cwd: '/' });
    expect(code).to.equal(3);
    expect(stderr).to.match(/no such machine\n$/);
  });

  it('ends with 4 when nobody answers', async () => {
    const { code, stderr } = await smee(['watch', '--server', '127.0.0.1:1'], { cwd: '/' });
    expect(code).to.equal(4);
    expect(stderr).to.match(/does not answer/);
  });
});

describe('cli/boots.ts', () => {
  const run = (boots: ScriptedBoots, ...args: readonly string[]) =>
    smee(['boots', '--server', boots.address, ...args], { cwd: '/', env: { TZ: 'UTC' } });

  it("shows each machine's last boot, or those that failed", async () => {
    await using boots = await ScriptedBoots.start();
    boots.boots.push(boot, { ...boot, machine: { mac: '52:54:00:77:00:08' }, state: 'BOOTED', detail: '' });
    expect((await run(boots)).stdout).to.equal(
      [
        'MACHINE  MAC                ADDRESS  STATE   AT    WHY                   LAST HEARD OF',
        'node07   52:54:00:77:00:07  –        failed  tftp  timed-out (ipxe.efi)  2026-07-01 12:00:04',
        '–        52:54:00:77:00:08  –        booted  tftp  timed-out             2026-07-01 12:00:04',
        '',
      ].join('\n'),
    );
    expect((await run(boots, '--failed')).stdout.split('\n')).to.have.length(3);
    expect(boots.listed.at(-1)).to.deep.include({ states: ['FAILED'], unknown: 'LEFT_OUT' });
    await run(boots, '--unknown');
    expect(boots.listed.at(-1)).to.deep.include({ states: [], unknown: 'ONLY' });
    expect((await run(boots, '--unknown', '--failed')).code).to.equal(2);
    expect((await run(boots, '--json')).stdout.split('\n')).to.have.length(3);
  });

  it('says that there is nothing to show', async () => {
    await using boots = await ScriptedBoots.start();
    expect(await run(boots, '--failed')).to.include({
      code: 0,
      stdout: '',
      stderr: 'no machine failed to boot\n',
    });
    const { code, stderr } = await run(boots, 'node09');
    expect(code).to.equal(3);
    expect(stderr).to.contain('nothing has been heard of node09');
  });

  it('shows how one boot went: the answer first, then what each stage took, then its events', async () => {
    await using boots = await ScriptedBoots.start();
    boots.boots.push(boot);
    boots.tell(event({ details: { file: 'ipxe.efi' } }));
    expect((await run(boots, 'node07')).stdout.split('\n')).to.deep.equal([
      'node07  52:54:00:77:00:07',
      '✗ failed at tftp: timed-out (ipxe.efi)',
      '  The client stopped acknowledging.',
      '  → Check the way back to the client (routes, firewall, path MTU).',
      'x86_64 UEFI, began 2026-07-01 12:00:00, last heard of after 4.0 s',
      '',
      '  ✓ dhcp         30 ms',
      '  ✗ tftp         4.0 s',
      '',
      '+250 ms     dhcp    ✓ OFFER       ipxe.efi',
      '',
    ]);
  });

  it('says that something is missing, of one boot and of all', async () => {
    await using boots = await ScriptedBoots.start();
    boots.boots.push(boot);
    const [fromUnixMilli, toUnixMilli] = [Date.UTC(2026, 6, 1, 12, 0, 1), Date.UTC(2026, 6, 1, 12, 0, 30)];
    boots.gaps.push({ events: 312, fromUnixMilli, toUnixMilli, service: 'http' });
    const line =
      'something is missing: 312 events of http got lost, from 2026-07-01 12:00:01 to 2026-07-01 12:00:30';
    expect((await run(boots, 'node07')).stdout.split('\n')).to.include(line);
    const all = await run(boots);
    expect(all.stderr).to.equal(`${line}\n`);
    expect(all.stdout).to.not.include('missing');
  });
});
