import { expect } from 'chai';
import type { BootEvent } from '#shared/events/event.ts';
import { attemptsOf } from '../../../../../../services/hardware/decide/boots/attempts.ts';
import { compareFacts, factOf } from '../../../../../../services/hardware/decide/boots/fact.ts';
import { type Judgement, judge } from '../../../../../../services/hardware/decide/boots/judge.ts';

type Told = Partial<BootEvent> & Pick<BootEvent, 'stage' | 'said' | 'details'>;

/** What machines are heard doing, by a name for the tables below. */
const firmware = { client: 'PXE firmware', arch: 'x86_64-efi' };
const ipxe = { client: 'iPXE' };
const happenings = {
  offer: { stage: 'dhcp', said: 'OFFER', details: { ...firmware, type: 'DISCOVER' } },
  relayedOffer: {
    stage: 'dhcp',
    said: 'OFFER',
    details: { ...firmware, type: 'DISCOVER', giaddr: '10.9.0.1' },
  },
  ack: { stage: 'dhcp', said: 'ACK', details: { ...firmware, type: 'REQUEST' } },
  elsewhereAck: {
    stage: 'dhcp',
    said: 'ACK',
    why: 'explicit-boot-file',
    details: { ...firmware, type: 'REQUEST' },
  },
  nak: {
    stage: 'dhcp',
    said: 'NAK',
    outcome: 'no',
    why: 'wrong-address',
    details: { ...firmware, type: 'REQUEST' },
  },
  otherServer: {
    stage: 'dhcp',
    said: 'silent',
    outcome: 'no',
    why: 'other-server',
    details: { ...firmware, type: 'REQUEST', requestedServer: '10.0.0.9' },
  },
  stranger: {
    stage: 'dhcp',
    said: 'silent',
    outcome: 'no',
    why: 'unknown-machine',
    details: { ...firmware, type: 'DISCOVER' },
  },
  forbidden: {
    stage: 'dhcp',
    said: 'OFFER',
    outcome: 'no',
    why: 'netboot-not-allowed',
    details: { ...firmware, type: 'DISCOVER', file: '/netboot-not-allowed' },
  },
  addressOnly: {
    stage: 'dhcp',
    said: 'OFFER',
    why: 'loader-missing',
    details: { ...firmware, type: 'DISCOVER', detail: 'ipxe.efi' },
  },
  sizeProbe: {
    stage: 'tftp',
    said: 'DATA',
    outcome: 'heard',
    why: 'size-probe',
    details: { file: 'ipxe.efi' },
  },
  loader: { stage: 'tftp', said: 'DATA', details: { file: 'ipxe.efi' } },
  noLoader: { stage: 'tftp', said: 'ERROR', outcome: 'no', why: 'not-found', details: { file: 'ipxe.efi' } },
  timedOut: { stage: 'tftp', said: 'DATA', outcome: 'no', why: 'timed-out', details: { file: 'ipxe.efi' } },
  aborted: { stage: 'tftp', said: 'DATA', outcome: 'no', why: 'aborted', details: { file: 'ipxe.efi' } },
  autoexec: {
    stage: 'tftp',
    said: 'ERROR',
    outcome: 'no',
    why: 'not-found',
    details: { file: 'autoexec.ipxe' },
  },
  pxelinux: { stage: 'tftp', said: 'DATA', details: { file: 'pxelinux.0' } },
  noConfig: {
    stage: 'tftp',
    said: 'ERROR',
    outcome: 'no',
    why: 'not-found',
    details: { file: 'pxelinux.cfg/C0A84D6B' },
  },
  piFile: { stage: 'tftp', said: 'DATA', details: { file: '1234abcd/start4.elf' } },
  ipxeOffer: { stage: 'dhcp', said: 'OFFER', details: { ...ipxe, type: 'DISCOVER' } },
  ipxeAck: { stage: 'dhcp', said: 'ACK', details: { ...ipxe, type: 'REQUEST' } },
  script: { stage: 'http', said: 'script', details: { file: '/52:54:00:77:00:07/auto.ipxe' } },
  noScript: {
    stage: 'http',
    said: 'script',
    outcome: 'no',
    why: 'unsafe-record',
    details: { detail: 'hostname' },
  },
  kernel: { stage: 'http', said: 'artifact', details: { file: '/artifacts/vmlinuz-x86_64' } },
  kernelGrows: {
    stage: 'http',
    said: 'fetching',
    outcome: 'heard',
    details: { file: '/artifacts/vmlinuz-x86_64', bytes: 120_000_000, size: 400_000_000 },
    fetch: 'a'.repeat(16),
    ms: 50_000,
  },
  slowKernel: {
    stage: 'http',
    said: 'artifact',
    details: { file: '/artifacts/vmlinuz-x86_64' },
    ms: 700_000,
  },
  slowKernelGrows: {
    stage: 'http',
    said: 'fetching',
    outcome: 'heard',
    details: { file: '/artifacts/vmlinuz-x86_64', bytes: 390_000_000, size: 400_000_000 },
    fetch: 'a'.repeat(16),
    ms: 690_000,
  },
  abortedKernel: {
    stage: 'http',
    said: 'artifact',
    outcome: 'no',
    why: 'aborted',
    details: { file: '/artifacts/vmlinuz-x86_64' },
  },
  loaderGrows: {
    stage: 'tftp',
    said: 'fetching',
    outcome: 'heard',
    details: { file: 'ipxe.efi', bytes: 500_000, size: 1_000_000 },
    fetch: 'b'.repeat(16),
    ms: 20_000,
  },
  rootGrows: {
    stage: 'http',
    said: 'fetching',
    outcome: 'heard',
    details: { file: '/artifacts/system.squashfs', bytes: 1, size: 2 },
    fetch: 'c'.repeat(16),
    ms: 40_000,
  },
  noKernel: {
    stage: 'http',
    said: 'artifact',
    outcome: 'no',
    why: 'not-found',
    details: { file: '/artifacts/vmlinuz-x86_64' },
  },
  initrd: { stage: 'http', said: 'artifact', details: { file: '/artifacts/initramfs-x86_64' } },
  noRange: {
    stage: 'http',
    said: 'artifact',
    outcome: 'no',
    why: 'range-not-satisfiable',
    details: { file: '/artifacts/initramfs-x86_64' },
  },
  truncated: {
    stage: 'http',
    said: 'artifact',
    outcome: 'no',
    why: 'file-truncated',
    details: { file: '/artifacts/initramfs-x86_64' },
  },
  iso: { stage: 'iso', said: 'iso', details: { file: 'hook.iso' } },
  lease: {
    stage: 'dhcp',
    said: 'ACK',
    why: 'not-a-netboot-client',
    details: { client: 'other', type: 'REQUEST' },
  },
  log: { stage: 'syslog', said: 'message', outcome: 'heard', details: { 'app-name': 'kernel' } },
  ipxeLog: { stage: 'syslog', said: 'message', outcome: 'heard', details: { 'app-name': 'iPXE' } },
  phoneHome: { stage: 'os', said: 'phone-home', details: {} },
} as const satisfies Record<string, Told>;

type Name = keyof typeof happenings;

const begun = 1_800_000_000_000;

/** The boots of a machine at a moment. @param story who does what, and when in seconds @param now in seconds */
function judgements(story: readonly (readonly [number, Name])[], now: number): readonly Judgement[] {
  const facts = story.map(([seconds, name]) =>
    factOf({
      mac: undefined,
      outcome: 'yes',
      why: 'ok',
      ms: 0,
      ...happenings[name],
      at: begun + seconds * 1000,
    }),
  );
  return attemptsOf(facts.toSorted(compareFacts)).map((attempt) => judge(attempt, begun + now * 1000));
}

const told = ({ state, reason, detail }: Judgement) => [state, reason, detail].filter(Boolean).join(' ');

const toLoader = [
  [0, 'offer'],
  [4, 'ack'],
  [5, 'loader'],
] as const;
const toScript = [...toLoader, [8, 'ipxeOffer'], [9, 'ipxeAck'], [10, 'script']] as const;
const complete = [...toScript, [11, 'kernel'], [13, 'initrd']] as const;

/** Name, what happens, when it is looked at, and each boot as it is judged then. */
const table: readonly (readonly [string, readonly (readonly [number, Name])[], number, readonly string[]])[] =
  [
    ['goes on while all goes well', toLoader, 10, ['BOOTING ok']],
    ['has booted once it phones home', [...complete, [60, 'phoneHome']], 61, ['BOOTED ok']],
    ['was handed over after ten minutes of silence', complete, 614, ['HANDED_OVER handed-over']],
    ['still boots before that', complete, 600, ['BOOTING ok']],
    [
      'has booted although it phones home only after an hour',
      [...complete, [3600, 'phoneHome']],
      3601,
      ['BOOTED ok'],
    ],
    [
      'was handed over also where its system writes its log for hours',
      [...complete, [500, 'log'], [900, 'log'], [1300, 'log']],
      1301,
      ['HANDED_OVER handed-over'],
    ],

    [
      'goes on while its kernel comes, for longer than a kernel that was never asked for would be waited for',
      [...toScript, [11, 'kernelGrows']],
      80,
      ['BOOTING fetching vmlinuz-x86_64, 120 of 400 MB'],
    ],
    [
      'is given up when nothing more is heard of its kernel',
      [...toScript, [11, 'kernelGrows']],
      11 + 50 + 90,
      ['FAILED fetch-stopped vmlinuz-x86_64, 120 of 400 MB'],
    ],
    [
      'has its loader on its way, slowly',
      [
        [0, 'offer'],
        [4, 'ack'],
        [5, 'loaderGrows'],
      ],
      40,
      ['BOOTING fetching ipxe.efi, 0.5 of 1 MB'],
    ],
    [
      'fetches its kernel again after the first attempt broke off',
      [...toScript, [11, 'abortedKernel'], [13, 'kernelGrows']],
      70,
      ['BOOTING fetching vmlinuz-x86_64, 120 of 400 MB'],
    ],
    [
      'was refused its kernel after it had begun to fetch it',
      [...toScript, [11, 'kernelGrows'], [70, 'noKernel']],
      71,
      ['FAILED not-found /artifacts/vmlinuz-x86_64'],
    ],
    [
      'went on, although it was not told how the fetch of its kernel ended',
      [...toScript, [11, 'kernelGrows'], [70, 'initrd']],
      200,
      ['BOOTING ok'],
    ],
    [
      'is not silent while a kernel comes for more than ten minutes',
      [...toScript, [11, 'slowKernelGrows']],
      711,
      ['BOOTING fetching vmlinuz-x86_64, 390 of 400 MB'],
    ],
    [
      'fetches its initrd after a kernel that took more than ten minutes',
      [...toScript, [11, 'slowKernel'], [712, 'initrd']],
      1000,
      ['BOOTING ok'],
    ],
    [
      'was handed over ten minutes after its initrd, also when its kernel took longer than that',
      [...toScript, [11, 'slowKernel'], [712, 'initrd']],
      1312,
      ['HANDED_OVER handed-over'],
    ],
    [
      'fetches what its initrd loads',
      [...complete, [20, 'rootGrows']],
      61,
      ['BOOTING fetching system.squashfs, 1 of 2 bytes'],
    ],
    ['may leave alone what its initrd loads', [...complete, [20, 'rootGrows']], 160, ['BOOTING ok']],
    [
      'begins anew in the middle of a fetch',
      [...toScript, [11, 'kernelGrows'], [80, 'offer']],
      81,
      ['FAILED boot-began-anew', 'BOOTING ok'],
    ],
    [
      'begins anew long after a fetch was heard of last',
      [...toScript, [11, 'kernelGrows'], [200, 'offer']],
      201,
      ['FAILED fetch-stopped vmlinuz-x86_64, 120 of 400 MB', 'BOOTING ok'],
    ],

    ['is a stranger', [[0, 'stranger']], 0, ['FAILED unknown-machine']],
    [
      'is healed by the record that it gets',
      [
        [0, 'stranger'],
        [8, 'offer'],
      ],
      9,
      ['BOOTING ok'],
    ],
    ['may not boot', [[0, 'forbidden']], 1, ['FAILED netboot-not-allowed']],
    ['gets an address that is no help to it', [[0, 'addressOnly']], 1, ['FAILED loader-missing ipxe.efi']],
    ['has a moment to start over after a NAK', [[0, 'nak']], 5, ['BOOTING wrong-address']],
    ['does not start over after a NAK', [[0, 'nak']], 16, ['FAILED wrong-address']],
    [
      'starts over after a NAK',
      [
        [0, 'nak'],
        [1, 'offer'],
        [2, 'ack'],
        [3, 'loader'],
      ],
      16,
      ['BOOTING ok'],
    ],
    [
      'takes the offer of another server',
      [
        [0, 'offer'],
        [4, 'otherServer'],
      ],
      25,
      ['FAILED other-server 10.0.0.9'],
    ],
    [
      'takes the offer of another server, and both waited for us until one moment',
      [
        [0, 'otherServer'],
        [0, 'offer'],
      ],
      25,
      ['FAILED other-server 10.0.0.9'],
    ],
    [
      'takes an address elsewhere and its loader here',
      [
        [0, 'offer'],
        [4, 'otherServer'],
        [5, 'loader'],
      ],
      25,
      ['BOOTING ok'],
    ],

    ['may be silent for a while after one offer', [[0, 'offer']], 59, ['BOOTING ok']],
    ['does not take the offer', [[0, 'offer']], 60, ['FAILED offer-unanswered']],
    [
      'repeats its DISCOVER although it was offered an address',
      [
        [0, 'offer'],
        [4, 'offer'],
        [8, 'offer'],
      ],
      10,
      ['FAILED offer-unanswered'],
    ],
    [
      'takes the second offer',
      [
        [0, 'offer'],
        [4, 'offer'],
        [8, 'ack'],
      ],
      11,
      ['BOOTING ok'],
    ],
    [
      'is not reached through its relay',
      [
        [0, 'relayedOffer'],
        [4, 'relayedOffer'],
      ],
      11,
      ['FAILED relay-unreachable 10.9.0.1'],
    ],
    [
      'does not fetch its loader',
      [
        [0, 'offer'],
        [4, 'ack'],
      ],
      24,
      ['FAILED loader-not-fetched'],
    ],
    [
      'only asks for the size of its loader',
      [
        [0, 'offer'],
        [4, 'ack'],
        [5, 'sizeProbe'],
      ],
      30,
      ['BOOTING ok'],
    ],
    [
      'fetches its loader elsewhere, as its record says',
      [
        [0, 'offer'],
        [4, 'elsewhereAck'],
      ],
      300,
      ['BOOTING ok'],
    ],
    [
      'loses its loader on the way',
      [
        [0, 'offer'],
        [4, 'ack'],
        [5, 'timedOut'],
      ],
      6,
      ['FAILED timed-out ipxe.efi'],
    ],
    [
      'may end a transfer and begin it anew',
      [
        [0, 'offer'],
        [4, 'ack'],
        [5, 'aborted'],
      ],
      6,
      ['BOOTING aborted ipxe.efi'],
    ],
    [
      'gets its loader at the second try',
      [
        [0, 'offer'],
        [4, 'ack'],
        [5, 'timedOut'],
        [9, 'loader'],
      ],
      10,
      ['BOOTING ok'],
    ],
    [
      'asks for a loader that is not there',
      [
        [0, 'offer'],
        [4, 'ack'],
        [5, 'noLoader'],
      ],
      6,
      ['FAILED not-found ipxe.efi'],
    ],
    ['has a loader that says nothing', toLoader, 65, ['FAILED loader-silent']],
    ['asks for what need not be there', [...toLoader, [6, 'autoexec']], 7, ['BOOTING ok']],
    [
      'goes through the names of pxelinux',
      [
        [0, 'offer'],
        [4, 'ack'],
        [5, 'pxelinux'],
        [6, 'noConfig'],
        [7, 'noConfig'],
      ],
      8,
      ['BOOTING ok'],
    ],
    [
      'is a Raspberry Pi, whose files we do not count',
      [
        [0, 'offer'],
        [1, 'ack'],
        [2, 'noConfig'],
        [3, 'piFile'],
      ],
      500,
      ['BOOTING ok'],
    ],
    [
      'does not fetch its script',
      [...toLoader, [8, 'ipxeOffer'], [9, 'ipxeAck']],
      29,
      ['FAILED script-not-fetched'],
    ],
    [
      'gets no script',
      [...toLoader, [8, 'ipxeOffer'], [9, 'ipxeAck'], [10, 'noScript']],
      11,
      ['FAILED unsafe-record hostname'],
    ],
    ['does not fetch its kernel', toScript, 70, ['FAILED kernel-not-fetched']],
    [
      'fetches its kernel elsewhere, and its system asks for an address',
      [...toScript, [50, 'lease']],
      300,
      ['BOOTING ok'],
    ],
    [
      'is not alive because iPXE writes a log',
      [...toScript, [11, 'ipxeLog']],
      71,
      ['FAILED kernel-not-fetched'],
    ],
    ['finds no kernel', [...toScript, [11, 'noKernel']], 12, ['FAILED not-found /artifacts/vmlinuz-x86_64']],
    [
      'finds no kernel, and its disk boots',
      [...toScript, [11, 'noKernel'], [60, 'lease']],
      61,
      ['FAILED not-found /artifacts/vmlinuz-x86_64'],
    ],
    ['does not fetch its initrd', [...toScript, [11, 'kernel']], 131, ['FAILED initrd-not-fetched']],
    [
      'gets an initrd that is not whole',
      [...toScript, [11, 'kernel'], [13, 'initrd'], [14, 'truncated']],
      15,
      ['FAILED file-truncated /artifacts/initramfs-x86_64'],
    ],
    [
      'runs although something of it was not whole',
      [...toScript, [11, 'kernel'], [14, 'truncated'], [40, 'lease']],
      41,
      ['BOOTING ok'],
    ],
    ['asks for a range behind the end', [...complete, [14, 'noRange']], 15, ['BOOTING ok']],
    ['boots from an ISO', [[0, 'iso']], 601, ['HANDED_OVER handed-over']],

    [
      'shouts its second DISCOVER in the same boot',
      [
        [0, 'offer'],
        [4, 'offer'],
        [8, 'ack'],
      ],
      9,
      ['BOOTING ok'],
    ],
    [
      'is reset while it boots',
      [...toScript, [11, 'kernel'], [12, 'offer']],
      13,
      ['FAILED boot-began-anew', 'BOOTING ok'],
    ],
    [
      'is answered by replicas whose clocks are three seconds apart',
      [
        [3, 'offer'],
        [1, 'ack'],
        [1.5, 'loader'],
        [3, 'ipxeOffer'],
        [3.5, 'ipxeAck'],
        [4, 'script'],
      ],
      5,
      ['BOOTING ok'],
    ],
    [
      'goes on to its next boot entry when the loader does not start',
      [...toLoader, [25, 'offer']],
      26,
      ['FAILED loader-silent', 'BOOTING ok'],
    ],
    [
      'is reset after what it was refused',
      [...toScript, [11, 'noKernel'], [60, 'offer']],
      61,
      ['FAILED not-found /artifacts/vmlinuz-x86_64', 'BOOTING ok'],
    ],
    [
      'restarts at once with a system that does not run',
      [...complete, [20, 'offer']],
      21,
      ['FAILED boot-began-anew', 'BOOTING ok'],
    ],
    [
      'restarts when its system has done its work',
      [...complete, [30, 'lease'], [200, 'offer']],
      201,
      ['HANDED_OVER handed-over', 'BOOTING ok'],
    ],
    [
      'boots again after it has booted',
      [...complete, [60, 'phoneHome'], [90, 'offer']],
      91,
      ['BOOTED ok', 'BOOTING ok'],
    ],
    [
      'reads its ISO while its system is up',
      [
        [0, 'iso'],
        [60, 'phoneHome'],
        [70, 'iso'],
      ],
      71,
      ['BOOTED ok'],
    ],
    [
      'knocks again after ten minutes',
      [
        [0, 'stranger'],
        [601, 'stranger'],
      ],
      602,
      ['FAILED unknown-machine', 'FAILED unknown-machine'],
    ],

    [
      'only renews its address',
      [
        [0, 'lease'],
        [1800, 'lease'],
      ],
      1801,
      [],
    ],
    ['only writes its log', [[0, 'log']], 1, []],
    ['only fetches a file', [[0, 'kernel']], 1, []],
    [
      'only phones home',
      [
        [0, 'phoneHome'],
        [100, 'phoneHome'],
      ],
      101,
      ['BOOTED ok'],
    ],
    [
      'does not say that it is a loader, and fetches by TFTP',
      [
        [0, 'lease'],
        [2, 'piFile'],
      ],
      3,
      ['BOOTING ok'],
    ],
  ];

describe('services/hardware/decide/boots/judge.ts', () => {
  for (const [name, story, now, expected] of table) {
    it(name, () => {
      expect(judgements(story, now).map(told)).to.deep.equal(expected);
    });
  }

  it('says when time alone makes another judgement, and makes none in between', () => {
    for (const [name, story] of table) {
      const last = Math.max(...story.map(([seconds]) => seconds));
      for (const judgement of judgements(story, last)) {
        if (judgement.due === undefined) continue;
        const at = (ms: number) =>
          judgements(story, (ms - begun) / 1000).find(({ started }) => started === judgement.started);
        expect(told(at(judgement.due - 1)!), name).to.equal(told(judgement));
        expect(told(at(judgement.due)!), name).not.to.equal(told(judgement));
      }
    }
  });

  it('tells each stage in the order in which they began, and the furthest', () => {
    const [judgement] = judgements([...complete, [14, 'ipxeLog'], [30, 'lease']], 31);
    const at = (seconds: number) => begun + seconds * 1000;
    expect(judgement?.stage).to.equal('http');
    expect(judgement?.stages).to.deep.equal([
      { stage: 'dhcp', started: at(0), last: at(30), ok: true },
      { stage: 'tftp', started: at(5), last: at(5), ok: true },
      { stage: 'http', started: at(10), last: at(13), ok: true },
      { stage: 'syslog', started: at(14), last: at(14), ok: true },
    ]);
    expect(judgement).to.include({
      arch: 'x86_64-efi',
      client: 'PXE firmware',
      events: 10,
      started: at(0),
      last: at(30),
    });
  });

  it('counts what a lease of before belongs to: the boot of a loader that does not say what it is', () => {
    const [judgement] = judgements(
      [
        [0, 'lease'],
        [2, 'piFile'],
      ],
      3,
    );
    expect(judgement).to.include({ started: begun, events: 2 });
  });
});
