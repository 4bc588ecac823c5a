import { expect } from 'chai';
import { magicString, patchLoader } from '#shared/assets/ipxe-patch.ts';
import { concat, toBytes, toText } from '#shared/bytes.ts';
import { ConfigError } from '#shared/errors.ts';

const before = toBytes('#!ipxe\n');
const after = toBytes('\nautoboot\n');

describe('shared/assets/ipxe-patch', () => {
  it('knows a magic string of 131 bytes', () => expect(magicString.length).to.equal(131));

  it('writes the fragment over the magic string and moves nothing', () => {
    const patched = patchLoader(concat([before, magicString, after]), 'set syslog 192.168.77.1');
    expect(toText(patched)).to.equal(`#!ipxe\n${'set syslog 192.168.77.1'.padEnd(131)}\nautoboot\n`);
  });

  it('writes it at every occurrence, and not at a near miss', () => {
    const miss = magicString.slice(0, 130);
    const patched = patchLoader(concat([magicString, magicString, miss, magicString]), 'x');
    expect(toText(patched)).to.equal(`${'x'.padEnd(131)}${'x'.padEnd(131)}${toText(miss)}${'x'.padEnd(131)}`);
  });

  it('takes a fragment exactly as long as the magic string', () => {
    expect(toText(patchLoader(magicString, 'y'.repeat(131)))).to.equal('y'.repeat(131));
  });

  it('refuses a longer one, counted in bytes', () => {
    expect(() => patchLoader(magicString, 'y'.repeat(132))).to.throw(ConfigError, '132 bytes');
    expect(() => patchLoader(magicString, 'ü'.repeat(66))).to.throw(ConfigError, '132 bytes');
  });

  it('gives back the same bytes when there is nothing to patch, and never changes the original', () => {
    const plain = concat([before, after]);
    expect(patchLoader(plain, 'x')).to.equal(plain);
    const original = concat([before, magicString]);
    expect(patchLoader(original, '')).to.equal(original);
    patchLoader(original, 'x');
    expect(original).to.deep.equal(concat([before, magicString]));
  });
});
