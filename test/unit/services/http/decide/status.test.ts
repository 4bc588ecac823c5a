import { expect } from 'chai';
import type { Reason } from '#shared/boot/reasons.ts';
import { statusOf } from '../../../../../services/http/decide/status.ts';

describe('services/http/decide/status.ts', () => {
  const rows: Partial<Record<Reason, number>> = {
    ok: 200,
    'bad-request': 400,
    'no-iso-source': 400,
    'netboot-not-allowed': 403,
    'unknown-machine': 404,
    'not-found': 404,
    'ambiguous-machine': 409,
    'range-not-satisfiable': 416,
    'file-changed': 503,
    'not-synced': 503,
    'unsafe-record': 500,
    'bad-script-url': 500,
    'file-unreadable': 500,
    'patch-too-long': 500,
    'upstream-error': 502,
    'upstream-changed': 502,
    'upstream-no-ranges': 502,
    'redirect-refused': 502,
    'upstream-timeout': 504,
  };
  for (const [why, status] of Object.entries(rows)) {
    it(`says ${status} for ${why}`, () => expect(statusOf(why as Reason)).to.equal(status));
  }
});
