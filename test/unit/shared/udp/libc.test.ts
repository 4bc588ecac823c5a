import { endianness } from 'node:os';
import { expect } from 'chai';
import koffi from 'koffi';
import { SmeeError } from '#shared/errors.ts';
import { checkLayout } from '#shared/udp/layout.ts';
import { checkPlatform, loadLibc, pinned } from '#shared/udp/libc.ts';

describe('shared/udp/libc.ts', () => {
  it('has the structures where the compiler puts them', () => {
    expect(checkLayout(koffi)).to.equal(undefined);
    expect(endianness()).to.equal('LE');
  });

  it('notices a structure of another size', () => {
    const sizeof: typeof koffi.sizeof = (type) => koffi.sizeof(type) + 8;
    expect(checkLayout({ ...koffi, sizeof })).to.equal('struct sockaddr_in has 24 bytes, not 16');
  });

  it('notices a field at another place', () => {
    const offsetof: typeof koffi.offsetof = (type, field) =>
      koffi.offsetof(type, field) + (field === 'iov' ? 8 : 0);
    expect(checkLayout({ ...koffi, offsetof })).to.equal('field iov of struct msghdr is at 24, not 16');
  });

  for (const arch of ['x64', 'arm64']) {
    it(`takes Linux on ${arch}`, () => expect(() => checkPlatform('linux', arch)).not.to.throw());
  }

  for (const [platform, arch] of [
    ['darwin', 'arm64'],
    ['win32', 'x64'],
    ['linux', 's390x'],
  ] as const) {
    it(`says in one sentence that ${platform} on ${arch} will not do, and what will`, () => {
      expect(() => checkPlatform(platform, arch))
        .to.throw(
          SmeeError,
          `need Linux on x64 or arm64: this is ${platform} on ${arch}. Run smee in a container`,
        )
        .that.includes({ code: 'unsupported-platform' });
    });
  }

  it('names the error of the last call', () => {
    const libc = loadLibc();
    expect(libc.close(-1)).to.equal(-1);
    expect(libc.errno()).to.equal('EBADF');
  });

  it('gives small pieces of memory a place that does not move', () => {
    const bytes = pinned(4);
    expect(bytes).to.have.lengthOf(4);
    expect(loadLibc().addressOf(bytes)).to.equal(koffi.address(bytes.buffer));
  });
});
