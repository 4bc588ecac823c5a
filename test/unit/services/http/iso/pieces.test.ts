import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import { UpstreamError } from '../../../../../services/http/iso/failure.ts';
import { type UpstreamLimits, upstreamLimits } from '../../../../../services/http/iso/limits.ts';
import { piecesOf } from '../../../../../services/http/iso/pieces.ts';
import { Upstream } from '../../../../../services/http/iso/upstream.ts';
import { runUpstream } from '../../../../support/upstream.ts';

const hasty: UpstreamLimits = { ...upstreamLimits, wait: 100, waitPerMiB: 0 };

describe('services/http/iso/pieces.ts', () => {
  const bodies: Record<string, [RequestListener, length: number, why: string]> = {
    'that stops': [(_, answer) => answer.writeHead(200).write('x'), 10, 'upstream-timeout'],
    'that comes byte by byte': [
      (_, answer) => {
        const drip = setInterval(() => answer.write('x'), 20);
        answer.once('close', () => clearInterval(drip));
      },
      1000,
      'upstream-timeout',
    ],
    'without an end': [
      (_, answer) => {
        const more = (): void => {
          if (!answer.destroyed) answer.write(Buffer.alloc(65_536), more);
        };
        more();
      },
      1000,
      'upstream-error',
    ],
    'that is too short': [(_, answer) => answer.end('x'), 2, 'upstream-error'],
    'that breaks off': [
      (_, answer) => answer.writeHead(200).write('x', () => answer.destroy()),
      2,
      'upstream-error',
    ],
  };
  for (const [what, [listener, length, why]] of Object.entries(bodies)) {
    it(`gives up a body ${what}: ${why}`, async () => {
      await using server = await runUpstream(listener);
      using upstream = new Upstream(new URL(server.url), hasty);
      const answer = await upstream.get();
      let reason = '';
      try {
        for await (const piece of piecesOf(answer, length, hasty)) expect(piece.length).to.be.at.most(65_536);
      } catch (error) {
        reason = error instanceof UpstreamError ? error.why : String(error);
      }
      expect(reason).to.equal(why);
      expect(answer.destroyed).to.equal(true);
    });
  }

  it('does not count the time that the machine takes', async () => {
    await using server = await runUpstream((_, answer) => answer.end(Buffer.alloc(1_000_000)));
    using upstream = new Upstream(new URL(server.url), hasty);
    const answer = await upstream.get();
    let bytes = 0;
    for await (const piece of piecesOf(answer, 1_000_000, hasty)) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 2 * hasty.wait));
      bytes += piece.length;
    }
    expect(bytes).to.equal(1_000_000);
  });
});
