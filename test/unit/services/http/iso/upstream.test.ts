import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect } from 'chai';
import { UpstreamError } from '../../../../../services/http/iso/failure.ts';
import { type UpstreamLimits, upstreamLimits } from '../../../../../services/http/iso/limits.ts';
import type { Nearness } from '../../../../../services/http/iso/reach.ts';
import { Upstream } from '../../../../../services/http/iso/upstream.ts';
import { Authority, readIdentity } from '../../../../support/certificates.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { runUpstream } from '../../../../support/upstream.ts';

const hasty: UpstreamLimits = { ...upstreamLimits, answer: 100 };
const iso: RequestListener = (_, answer) => answer.end('ISO');

/** Loopback has many addresses: here they stand for the Internet, a private network, this host, and a cloud's metadata. */
const nearness = (address: string): Nearness | undefined =>
  (({ '127.0.0.1': 0, '127.0.0.2': 1, '127.0.0.3': 2 }) as const)[address];

const redirectTo =
  (location: string | undefined, status = 302): RequestListener =>
  (_, answer) =>
    answer.writeHead(status, location === undefined ? {} : { location }).end();

/** What a GET gives: the body, or the reason. */
async function fetched(upstream: Upstream): Promise<string> {
  try {
    return await text(await upstream.get());
  } catch (error) {
    if (error instanceof UpstreamError) return error.why;
    throw error;
  }
}

describe('services/http/iso/upstream.ts', () => {
  describe('follows a redirect', () => {
    for (const status of [301, 302, 303, 307, 308]) {
      it(`with status ${status}, and asks the place behind it at once the next time`, async () => {
        await using last = await runUpstream(iso);
        await using first = await runUpstream(redirectTo(`${last.url}/real.iso`, status));
        using upstream = new Upstream(new URL(first.url));
        expect(await fetched(upstream)).to.equal('ISO');
        expect(await fetched(upstream)).to.equal('ISO');
        expect([first.requests.length, last.requests.length, last.connections()]).to.deep.equal([1, 2, 1]);
      });
    }

    it('relative to where it stands', async () => {
      await using server = await runUpstream((request, answer) =>
        (request.url === '/a/b' ? redirectTo('../c') : iso)(request, answer),
      );
      using upstream = new Upstream(new URL(`${server.url}/a/b`));
      expect(await fetched(upstream)).to.equal('ISO');
      expect(server.requests.map(({ url }) => url)).to.deep.equal(['/a/b', '/c']);
    });

    it('again from the beginning when the place behind it has expired', async () => {
      let valid = 1;
      await using server = await runUpstream((request, answer) => {
        if (request.url === '/') redirectTo(`/?signed=${valid}`)(request, answer);
        else if (request.url === `/?signed=${valid}`) iso(request, answer);
        else answer.writeHead(403).end();
      });
      using upstream = new Upstream(new URL(server.url));
      expect(await fetched(upstream)).to.equal('ISO');
      valid++;
      expect(await fetched(upstream)).to.equal('ISO');
    });

    const failures: Record<string, RequestListener> = {
      'breaks its connections': (request) => request.socket.destroy(),
      'says 503': (_, answer) => answer.writeHead(503).end(),
      'does not answer in time': () => undefined,
    };
    for (const [what, fail] of Object.entries(failures)) {
      it(`again from the beginning when the place behind it ${what}`, async () => {
        let isDown = false;
        await using mirror = await runUpstream((request, answer) => (isDown ? fail : iso)(request, answer));
        await using other = await runUpstream(iso);
        await using first = await runUpstream((request, answer) =>
          redirectTo(isDown ? other.url : mirror.url)(request, answer),
        );
        using upstream = new Upstream(new URL(first.url), hasty);
        expect(await fetched(upstream)).to.equal('ISO');
        isDown = true;
        expect(await fetched(upstream)).to.equal('ISO');
        expect([first.requests.length, other.requests.length]).to.deep.equal([2, 1]);
      });
    }

    for (const [hops, outcome] of [
      [10, 'ISO'],
      [11, 'redirect-refused'],
    ] as const) {
      it(`${hops} times: ${outcome}`, async () => {
        await using server = await runUpstream((request, answer) => {
          const hop = Number(request.url?.slice(1));
          if (hop < hops) redirectTo(`/${hop + 1}`)(request, answer);
          else iso(request, answer);
        });
        using upstream = new Upstream(new URL(`${server.url}/0`));
        expect(await fetched(upstream)).to.equal(outcome);
      });
    }
  });

  describe('does not follow a redirect', () => {
    const rows: Record<string, [location: string | undefined, why: string]> = {
      'to a file': ['file:///etc/passwd', 'redirect-refused'],
      'to another scheme': ['gopher://127.0.0.1/', 'redirect-refused'],
      'to nowhere': [undefined, 'upstream-error'],
      'to no URL': ['http://[', 'upstream-error'],
      'to a cloud’s metadata': ['http://169.254.169.254/latest/', 'redirect-refused'],
      'to the same, written as one number': ['http://2852039166/latest/', 'redirect-refused'],
      'to the same, mapped into IPv6': ['http://[::ffff:169.254.169.254]/', 'redirect-refused'],
      'to a link-local address of IPv6': ['http://[fe80::1]/', 'redirect-refused'],
      'to any address': ['http://0.0.0.0/', 'redirect-refused'],
    };
    for (const [what, [location, why]] of Object.entries(rows)) {
      it(`${what}: ${why}`, async () => {
        await using server = await runUpstream(redirectTo(location));
        using upstream = new Upstream(new URL(server.url));
        expect(await fetched(upstream)).to.equal(why);
      });
    }

    const nearer: [from: string, to: string, outcome: string][] = [
      ['127.0.0.1', '127.0.0.1', 'ISO'],
      ['127.0.0.1', '127.0.0.2', 'redirect-refused'],
      ['127.0.0.1', '127.0.0.3', 'redirect-refused'],
      ['127.0.0.1', '127.0.0.4', 'redirect-refused'],
      ['127.0.0.2', '127.0.0.1', 'ISO'],
      ['127.0.0.2', '127.0.0.2', 'ISO'],
      ['127.0.0.2', '127.0.0.3', 'redirect-refused'],
      ['127.0.0.3', '127.0.0.2', 'ISO'],
      ['127.0.0.3', '127.0.0.3', 'ISO'],
    ];
    const names: Record<string, string> = {
      '127.0.0.1': 'the Internet',
      '127.0.0.2': 'a private network',
      '127.0.0.3': 'this host',
      '127.0.0.4': 'a forbidden address',
    };
    for (const [from, to, outcome] of nearer) {
      it(`from ${names[from]} to ${names[to]}: ${outcome}`, async () => {
        await using last = await runUpstream(iso, to);
        await using first = await runUpstream(redirectTo(last.url), from);
        using upstream = new Upstream(new URL(first.url), upstreamLimits, nearness);
        expect(await fetched(upstream)).to.equal(outcome);
        expect(last.requests.length).to.equal(outcome === 'ISO' ? 1 : 0);
      });
    }

    it('whose name leads nearer: the address that is connected to counts', async () => {
      await using last = await runUpstream(iso);
      await using first = await runUpstream(
        redirectTo(`http://localhost:${new URL(last.url).port}/`),
        '127.0.0.2',
      );
      const local = (address: string): Nearness => (address === '127.0.0.2' ? 0 : 2);
      using upstream = new Upstream(new URL(first.url), upstreamLimits, local);
      expect(await fetched(upstream)).to.equal('redirect-refused');
      expect(last.connections()).to.equal(0);
    });
  });

  it('never asks a link-local address, whoever names it', async () => {
    using upstream = new Upstream(new URL('http://169.254.169.254/hook.iso'));
    expect(await fetched(upstream)).to.equal('redirect-refused');
  });

  it('verifies the certificate of an https upstream, and lets no redirect lead from there to http', async () => {
    await using folder = await temporaryFolder();
    const authority = await Authority.create(folder.path);
    const server = createSecureServer(
      await readIdentity(await authority.issue('upstream')),
      (request, answer) => (request.url === '/' ? iso : redirectTo('http://127.0.0.1/'))(request, answer),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const trusted = getCACertificates('default');
    try {
      using stranger = new Upstream(new URL(url));
      expect(await fetched(stranger)).to.equal('upstream-error');
      setDefaultCACertificates([await readFile(authority.cert, 'utf8')]);
      using upstream = new Upstream(new URL(url));
      expect(await fetched(upstream)).to.equal('ISO');
      using elsewhere = new Upstream(new URL(`${url}elsewhere`));
      expect(await fetched(elsewhere)).to.equal('redirect-refused');
    } finally {
      setDefaultCACertificates(trusted);
      server.closeAllConnections();
      server.close();
    }
  });

  it('sends the credentials of its URL to that origin only', async () => {
    await using other = await runUpstream(iso);
    await using own = await runUpstream((request, answer) =>
      redirectTo(request.url === '/' ? '/again' : `http://x:y@${new URL(other.url).host}/`)(request, answer),
    );
    using upstream = new Upstream(new URL(own.url.replace('//', '//me:p%40ss@')));
    expect(await fetched(upstream)).to.equal('ISO');
    const basic = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(own.requests.map(({ headers }) => headers.authorization)).to.deep.equal([basic, basic]);
    expect(other.requests.map(({ headers }) => headers.authorization)).to.deep.equal([undefined]);
  });

  it('waits only so long for an answer', async () => {
    await using server = await runUpstream(() => {});
    using upstream = new Upstream(new URL(server.url), hasty);
    expect(await fetched(upstream)).to.equal('upstream-timeout');
  });

  it('asks again on a new connection when a kept one was closed meanwhile', async () => {
    let served = 0;
    await using server = await runUpstream((request, answer) => {
      // The second request on a connection meets a server that has just closed it.
      if (++served === 2) request.socket.destroy();
      else iso(request, answer);
    });
    using upstream = new Upstream(new URL(server.url));
    expect(await fetched(upstream)).to.equal('ISO');
    expect(await fetched(upstream)).to.equal('ISO');
    expect(server.connections()).to.equal(2);
  });
});
