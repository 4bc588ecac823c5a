// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that would expand it.
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAuthority } from '#shared/script/authority.ts';

describe('shared/script/authority', () => {
  const good: Record<string, { host: string; text: string }> = {
    '192.168.77.1:8080': { host: '192.168.77.1', text: '192.168.77.1:8080' },
    '192.168.77.1': { host: '192.168.77.1', text: '192.168.77.1' },
    'boot.dc1.example.com': { host: 'boot.dc1.example.com', text: 'boot.dc1.example.com' },
    'boot.example.com.:80': { host: 'boot.example.com', text: 'boot.example.com:80' },
    'smee_http_1:8080': { host: 'smee_http_1', text: 'smee_http_1:8080' },
    'a:': { host: 'a', text: 'a' },
    '[::1]:8080': { host: '[::1]', text: '[::1]:8080' },
  };
  for (const [text, authority] of Object.entries(good)) {
    it(`takes ${text}`, () => expect(parseAuthority(text)).to.deep.equal(authority));
  }

  const bad: Record<string, string> = {
    nothing: '',
    'a line break': '10.0.0.1\nimgfree',
    'an expansion': '${net0/mac}',
    'white space': '10.0.0.1 evil',
    'a path': '10.0.0.1/evil',
    credentials: 'user@10.0.0.1',
    'an address that is none': '10.0.0.256',
    'digits and dots that are no address': '1.2.3',
    'a port out of range': '10.0.0.1:65536',
    'a port that is no number': '10.0.0.1:80a',
    'two ports': '10.0.0.1:80:80',
    'a label that ends in a hyphen': 'boot-.example.com',
    'an empty label': 'boot..example.com',
    'a label of 64': `${'a'.repeat(64)}.example.com`,
    'a name of more than 253': Array.from({ length: 64 }, () => 'abc').join('.'),
    'a name that is not ASCII': 'böot',
    'an open bracket': '[::1',
  };
  for (const [what, text] of Object.entries(bad)) {
    it(`refuses ${what}`, () => expect(parseAuthority(text)).to.equal(undefined));
  }

  it('lets nothing through that could end a line, a word or a URL', () => {
    const text = fc.oneof(
      fc.string(),
      fc.domain(),
      fc.ipV4(),
      fc.stringMatching(/^[a-z0-9.:[\]_-]{0,20}[\n ${}/@#?]?[a-z0-9]*$/),
    );
    fc.assert(
      fc.property(text, (one) => {
        const { text: through = 'nothing' } = parseAuthority(one) ?? {};
        expect(through).to.match(/^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d+)?$/i);
      }),
      { numRuns: 2000 },
    );
  });

  it('is quick about a long one that fails at its end', () => {
    const before = performance.now();
    expect(parseAuthority(`${'a-'.repeat(8000)}!`)).to.equal(undefined);
    expect(parseAuthority(`${'a.'.repeat(8000)}!`)).to.equal(undefined);
    expect(performance.now() - before).to.be.lessThan(200);
  });
});
