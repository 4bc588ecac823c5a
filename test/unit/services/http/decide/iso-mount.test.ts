import { expect } from 'chai';
import type { Machine } from '#shared/hardware/machine.ts';
import {
  decideMount,
  isoMachine,
  type MountSettings,
} from '../../../../../services/http/decide/iso-mount.ts';
import { machine } from '../../../../support/machines.ts';

const settings: MountSettings = {
  isoUrl: undefined,
  isoMagicString: undefined,
  isoStaticIpamEnabled: false,
  tinkServer: undefined,
  tinkServerTls: false,
  extraKernelArgs: undefined,
};
const own = 'http://images.example/own.iso';
const everybodys = new URL('http://images.example/everybodys.iso');

describe('services/http/decide/iso-mount', () => {
  describe('mounts', () => {
    type Row = [what: string, isoSource: string | undefined, isoUrl: URL | undefined, url: string];
    const rows: readonly Row[] = [
      ["the record's own ISO", own, undefined, own],
      ["the record's own before everybody's", own, everybodys, own],
      ["everybody's, where the record names none", undefined, everybodys, everybodys.href],
    ];
    for (const [what, isoSource, isoUrl, url] of rows) {
      it(what, () => {
        const decided = decideMount(machine({ isoSource }), true, { ...settings, isoUrl }, 'log', 1024);
        if ('why' in decided) throw new Error(decided.why);
        expect(decided.url.href).to.equal(url);
        expect(decided.patch).to.have.length(1024);
      });
    }
  });

  describe('refuses', () => {
    type Row = [what: string, why: string, found: Machine | undefined, synced?: boolean, room?: number];
    const rows: readonly Row[] = [
      ['a stranger', 'unknown-machine', undefined],
      ['everybody before the first sync', 'not-synced', undefined, false],
      ['a machine that may not boot', 'netboot-not-allowed', machine({ netboot: { allowed: false } })],
      ['a record without an ISO', 'no-iso-source', machine()],
      ['what cannot be fetched over HTTP', 'no-iso-source', machine({ isoSource: 'ftp://x/y.iso' })],
      ['a patch longer than the slot', 'patch-too-long', machine({ isoSource: own }), true, 64],
      ['a facility that GRUB would run', 'unsafe-record', machine({ isoSource: own, facility: 'a;b' })],
    ];
    for (const [what, why, found, synced = true, room = 1024] of rows) {
      it(what, () => {
        expect(decideMount(found, synced, settings, 'log', room)).to.include({ why });
      });
    }
  });

  it('reads the machine off the path', () => {
    expect(isoMachine('/iso/52-54-00-77-00-07/hook.iso')).to.deep.equal({ mac: '52:54:00:77:00:07' });
    expect(isoMachine('/iso/hook.iso')).to.include({ why: 'bad-request' });
    expect(isoMachine('/iso/52-54-00-77-00-07/hook.img')).to.include({ why: 'not-found' });
  });
});
