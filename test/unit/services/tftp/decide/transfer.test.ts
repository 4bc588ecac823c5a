import { expect } from 'chai';
import fc from 'fast-check';
import { negotiate, type Terms } from '../../../../../services/tftp/decide/negotiate.ts';
import {
  begin,
  type Event,
  type Step,
  step,
  type Transfer,
  waitFor,
} from '../../../../../services/tftp/decide/transfer.ts';
import type { Option } from '../../../../../services/tftp/wire/packet.ts';

const limits = { blockSize: 512, mtu: 1500, timeout: 5000 };
const plain = negotiate([], 0, limits);

function withOptions(blksize: number, windowsize: number): Terms {
  const asked: Option[] = [
    ['blksize', String(blksize)],
    ['windowsize', String(windowsize)],
  ];
  return negotiate(asked, 0, limits);
}

/** What a step says, in a word: `2-5`, `2-5 again 3`, `ignore`, `end ok`. */
function wordOf(next: Step): string {
  if (next.kind === 'end') return `end ${next.why}`;
  if (next.kind !== 'send') return next.kind;
  const blocks = next.first === next.last ? String(next.first) : `${next.first}-${next.last}`;
  return next.again > 0 ? `${blocks} again ${next.again}` : blocks;
}

function eventOf(word: string): Event {
  const [kind, number] = word.split(' ');
  if (kind === 'ack') return { kind: 'ack', block: Number(number) };
  if (kind === 'error') return { kind: 'error', code: Number(number) };
  return { kind: kind === 'request' ? 'request' : 'timeout' };
}

/** Plays a story of `event → what is expected`, from the beginning. */
function play(
  terms: Terms,
  size: number,
  story: readonly (readonly [event: string, expected: string])[],
): Transfer {
  let next: Step = begin(terms, size);
  let at = next.at;
  for (const [event, expected] of story) {
    if (event !== 'begin') next = step(at, eventOf(event));
    expect(wordOf(next), event).to.equal(expected);
    if (next.kind === 'send') at = next.at;
  }
  return at;
}

const windowed = withOptions(512, 4);

const stories: readonly (readonly [
  name: string,
  Terms,
  size: number,
  readonly (readonly [string, string])[],
])[] = [
  [
    'an empty file is one empty block',
    plain,
    0,
    [
      ['begin', '1'],
      ['ack 1', 'end ok'],
    ],
  ],
  [
    'one byte less than a block',
    plain,
    511,
    [
      ['begin', '1'],
      ['ack 1', 'end ok'],
    ],
  ],
  [
    'exactly a block is followed by an empty one',
    plain,
    512,
    [
      ['begin', '1'],
      ['ack 1', '2'],
      ['ack 2', 'end ok'],
    ],
  ],
  [
    'one byte more than a block',
    plain,
    513,
    [
      ['begin', '1'],
      ['ack 1', '2'],
      ['ack 2', 'end ok'],
    ],
  ],
  [
    'an OACK goes first, alone',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['ack 0', '1-4'],
      ['ack 4', '5-8'],
    ],
  ],
  [
    'a window ends with the file',
    windowed,
    1500,
    [
      ['begin', '0'],
      ['ack 0', '1-3'],
      ['ack 3', 'end ok'],
    ],
  ],
  [
    'the OACK is lost',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['timeout', '0 again 1'],
      ['ack 0', '1-4'],
    ],
  ],
  [
    'a block is lost',
    plain,
    2000,
    [
      ['begin', '1'],
      ['ack 1', '2'],
      ['timeout', '2 again 1'],
      ['ack 2', '3'],
    ],
  ],
  [
    'an ACK is lost and repeated',
    plain,
    2000,
    [
      ['begin', '1'],
      ['ack 1', '2'],
      ['ack 1', 'ignore'],
      ['ack 1', 'ignore'],
      ['ack 2', '3'],
    ],
  ],
  [
    'a stale ACK',
    plain,
    9999,
    [
      ['begin', '1'],
      ['ack 1', '2'],
      ['ack 2', '3'],
      ['ack 1', 'ignore'],
      ['ack 3', '4'],
    ],
  ],
  [
    'an ACK of a block that was never sent',
    plain,
    9999,
    [
      ['begin', '1'],
      ['ack 2', 'ignore'],
      ['ack 9', 'ignore'],
      ['ack 65535', 'ignore'],
      ['ack 1', '2'],
    ],
  ],
  [
    'a window whose third block is lost',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['ack 0', '1-4'],
      ['ack 2', '3-6 again 2'],
      ['ack 2', 'ignore'],
      ['ack 2', 'ignore'],
      ['ack 6', '7-10'],
    ],
  ],
  [
    'a window whose first block is lost: believed once',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['ack 0', '1-4'],
      ['ack 4', '5-8'],
      ['ack 4', '5-8 again 4'],
      ['ack 4', 'ignore'],
      ['timeout', '5-8 again 4'],
      ['ack 8', '9-12'],
    ],
  ],
  [
    'a whole window is lost',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['ack 0', '1-4'],
      ['timeout', '1-4 again 4'],
      ['ack 4', '5-8'],
    ],
  ],
  [
    'the last window is repeated from its middle',
    windowed,
    3000,
    [
      ['begin', '0'],
      ['ack 0', '1-4'],
      ['ack 4', '5-6'],
      ['ack 5', '6 again 1'],
      ['ack 6', 'end ok'],
    ],
  ],
  [
    'ERROR 8 after the OACK asks for the size only',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['error 8', 'end size-probe'],
    ],
  ],
  [
    'ERROR 8 later is an abort',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['ack 0', '1-4'],
      ['error 8', 'end aborted'],
    ],
  ],
  [
    'another ERROR after the OACK is an abort',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['error 0', 'end aborted'],
    ],
  ],
  [
    'the same request again gets the first answer again',
    plain,
    9999,
    [
      ['begin', '1'],
      ['request', '1 again 1'],
      ['ack 1', '2'],
      ['request', 'ignore'],
    ],
  ],
  [
    'the same request after a silence is a machine that was reset',
    plain,
    9999,
    [
      ['begin', '1'],
      ['ack 1', '2'],
      ['timeout', '2 again 1'],
      ['request', 'restart'],
    ],
  ],
  [
    'a client that never answers gets four packets',
    windowed,
    9999,
    [
      ['begin', '0'],
      ['timeout', '0 again 1'],
      ['request', '0 again 1'],
      ['timeout', '0 again 1'],
      ['request', 'ignore'],
      ['timeout', 'end timed-out'],
    ],
  ],
  [
    'a client that falls silent gets eight tries',
    plain,
    9999,
    [
      ['begin', '1'],
      ['ack 1', '2'],
      ...Array.from({ length: 7 }, () => ['timeout', '2 again 1'] as const),
      ['timeout', 'end timed-out'],
    ],
  ],
  [
    'progress gives all tries back',
    plain,
    9999,
    [
      ['begin', '1'],
      ['ack 1', '2'],
      ['timeout', '2 again 1'],
      ['timeout', '2 again 1'],
      ['ack 2', '3'],
      ...Array.from({ length: 7 }, () => ['timeout', '3 again 1'] as const),
      ['ack 3', '4'],
    ],
  ],
];

describe('services/tftp/decide/transfer', () => {
  for (const [name, terms, size, story] of stories) {
    it(name, () => {
      play(terms, size, story);
    });
  }

  it('counts past 65535 and knows the ACK 0 of block 65536', () => {
    const terms = withOptions(8, 1);
    let next: Step = begin(terms, 8 * 70_000);
    for (let block = 0; next.kind === 'send'; block++)
      next = step(next.at, { kind: 'ack', block: block % 65_536 });
    expect(wordOf(next)).to.equal('end ok');
  });

  it('goes on from inside a window that crosses 65535', () => {
    const { terms, ...rest } = begin(withOptions(8, 8), 8 * 70_000).at;
    const at: Transfer = { ...rest, terms, acked: 65_532, sent: 65_540, proven: true };
    expect(wordOf(step(at, { kind: 'ack', block: 1 }))).to.equal('65538-65545 again 3');
    expect(wordOf(step(at, { kind: 'ack', block: 4 }))).to.equal('65541-65548');
    expect(wordOf(step(at, { kind: 'ack', block: 5 }))).to.equal('ignore');
    expect(wordOf(step(at, { kind: 'ack', block: 65_531 }))).to.equal('ignore');
  });

  it('waits longer from try to try, and as the client asked once it is known to be there', () => {
    const at = begin(plain, 9999).at;
    expect([1, 2, 3, 4, 5, 6].map((tries) => waitFor({ ...at, tries }))).to.deep.equal([
      500, 1000, 2000, 4000, 5000, 5000,
    ]);
    const asked = begin(negotiate([['timeout', '7']], 0, limits), 9999).at;
    expect(waitFor(asked)).to.equal(500);
    expect(waitFor({ ...asked, proven: true, tries: 3 })).to.equal(7000);
  });

  it('waits longer where answers take longer, but not longer than the longest', () => {
    const { at } = begin(plain, 9999);
    expect([0, 100, 400, 3000].map((echo) => waitFor(at, echo))).to.deep.equal([500, 500, 1200, 5000]);
    expect(waitFor({ ...at, tries: 3 }, 400)).to.equal(2000);
  });

  it('delivers every byte once in order over any network that is not dead', () => {
    const network = fc.array(fc.constantFrom('deliver', 'lose', 'twice'), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(network, fc.integer({ min: 1, max: 6 }), fc.nat(200), (fates, windowsize, size) => {
        expect(exchange(withOptions(8, windowsize), size, fates)).to.equal(Math.floor(size / 8) + 1);
      }),
    );
  });
});

/**
 * A careful client and this server on a network that treats each packet as `fates` says, and is perfect afterwards.
 * @returns how many blocks the client has in the end
 */
function exchange(terms: Terms, size: number, fates: readonly string[]): number {
  const lastBlock = Math.floor(size / 8) + 1;
  let packets = 0;
  const copies = () => ({ lose: 0, deliver: 1, twice: 2 })[fates[packets++] ?? 'deliver'] ?? 1;
  const acks: number[] = [];
  let have = -1;
  let sinceAck = 0;
  const say = (block: number) => {
    for (let copy = copies(); copy > 0; copy--) acks.push(block);
  };
  const hear = (block: number) => {
    if (block !== have + 1) {
      sinceAck = 0;
      if (have >= 0) say(have);
      return;
    }
    have = block;
    sinceAck++;
    if (block === 0 || block === lastBlock || sinceAck === terms.windowSize) {
      sinceAck = 0;
      say(block);
    }
  };
  let next: Step = begin(terms, size);
  let at = next.at;
  for (let turns = 0; turns < 10_000; turns++) {
    if (next.kind === 'end') return next.why === 'ok' || have === lastBlock ? have : -1;
    if (next.kind === 'send') {
      at = { ...next.at, tries: 1 };
      for (let block = next.first; block <= next.last; block++) {
        for (let copy = copies(); copy > 0; copy--) hear(block);
      }
    }
    const ack = acks.shift();
    next = step(at, ack === undefined ? { kind: 'timeout' } : { kind: 'ack', block: ack });
  }
  throw new Error('it never ends');
}
