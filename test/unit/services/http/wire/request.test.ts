import { expect } from 'chai';
import fc from 'fast-check';
import { formatIp4 } from '#shared/ip4.ts';
import { clientAddress, parentOf, parseTarget } from '../../../../../services/http/wire/request.ts';

describe('services/http/wire/request.ts', () => {
  describe('parseTarget', () => {
    const rows: Record<string, [string, { path: string; host?: string } | undefined]> = {
      'a path': ['/auto.ipxe', { path: '/auto.ipxe' }],
      'doubled slashes, as firmware sends them': ['//artifacts///vmlinuz', { path: '/artifacts/vmlinuz' }],
      escapes: ['/52%3A54%3a00/auto.ipxe', { path: '/52:54:00/auto.ipxe' }],
      'a query, which no route looks at': ['/auto.ipxe?token=1', { path: '/auto.ipxe' }],
      'a fragment': ['/auto.ipxe#x', { path: '/auto.ipxe' }],
      'the absolute form': ['http://boot:8080//auto.ipxe?x', { path: '/auto.ipxe', host: 'boot:8080' }],
      'the absolute form without a path': ['http://boot', { path: '/', host: 'boot' }],
      'an escaped slash': ['/artifacts/..%2fsecret', { path: '/artifacts/../secret' }],
      'an escape that is none': ['/%zz', undefined],
      'an escape that is no UTF-8': ['/%ff', undefined],
    };
    for (const [what, [target, parsed]] of Object.entries(rows)) {
      it(`reads ${what}`, () => {
        expect(parseTarget(target)).to.deep.equal(parsed && { host: undefined, ...parsed });
      });
    }
  });

  it('takes any target', () => {
    fc.assert(
      fc.property(fc.string(), (target) => {
        const parsed = parseTarget(target);
        if (parsed !== undefined) expect(parsed.path).to.match(/^\/(?!\/)/);
      }),
    );
  });

  describe('parentOf', () => {
    const parent = (span: string) => `00-0af7651916cd43dd8448eb211c80319c-${span}-01`;
    const [one, two] = [parent('b7ad6b7169203331'), parent('00f067aa0ba902b7')];
    for (const [what, target, header, spanId] of [
      ['nobody', '/x/auto.ipxe', undefined, undefined],
      ['the query of a script', `/x/auto.ipxe?traceparent=${one}`, undefined, 'b7ad6b7169203331'],
      ['the query among others', `/x/auto.ipxe?a=b&traceparent=${one}&c`, two, 'b7ad6b7169203331'],
      ["a loader's name", `/ipxe/ipxe.efi-${one}`, two, 'b7ad6b7169203331'],
      ['a header', '/x/auto.ipxe', two, '00f067aa0ba902b7'],
      ['a header, when the query is nonsense', '/x/auto.ipxe?traceparent=1', two, '00f067aa0ba902b7'],
    ] as const) {
      it(`is ${what}`, () => expect(parentOf(target, header)?.spanId).to.equal(spanId));
    }
  });

  describe('clientAddress', () => {
    const rows: Record<string, string | undefined> = {
      '192.168.77.107': '192.168.77.107',
      '::ffff:192.168.77.107': '192.168.77.107',
      '::FFFF:c0a8:4d6b': '192.168.77.107',
      '::1': undefined,
      'fe80::1': undefined,
      '192.168.77.107:4711': undefined,
      unknown: undefined,
      '': undefined,
      '010.0.0.1': undefined,
    };
    for (const [text, address] of Object.entries(rows)) {
      it(`reads ${JSON.stringify(text)} as ${address ?? 'nobody'}`, () => {
        const read = clientAddress(text);
        expect(read === undefined ? undefined : formatIp4(read)).to.equal(address);
      });
    }
  });
});
