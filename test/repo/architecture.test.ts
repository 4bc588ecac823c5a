import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../../', import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/**
 * What a file imports, as paths from the root of the repository, or as bare names. Types count too, except those of the
 * contract, which are made of nothing but types.
 */
function importsOf(file: string): string[] {
  const code = readFileSync(join(root, file), 'utf8');
  const statements = code.matchAll(/^(?:import|export)\s(type\s)?(?:[^;'"]*?\sfrom\s)?'([^']+)'/gm);
  const later = code.matchAll(/\bimport\(()'([^']+)'\)/g);
  return [...statements, ...later].flatMap(([, type, name = '']) => {
    const path = name.startsWith('.')
      ? normalize(join(dirname(file), name))
      : name.replace('#shared/', 'shared/');
    return type && /^shared\/(generated\/|hardware\/contract\.ts)/.test(path) ? [] : [path];
  });
}

/** Everything a file reaches, itself included; npm and node modules as their bare names. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (file.endsWith('.ts')) for (const next of importsOf(file)) reach(next, seen);
  return seen;
}

const pureShared =
  /^shared\/(boot\/[a-z-]+|hardware\/(machine|wire\/[a-z-]+)|assets\/(route|ipxe-patch)|events\/(event|details|gap)|script\/(authority|decide|kernel-args|render)|trace\/context|mac|ip4|arch|bytes|errors|printable)\.ts$/;
const rooms = sources('services');
const pureRoom = /\/(decide|wire)\//;
const pureRooms = [...rooms, ...sources('cli')].filter((file) => pureRoom.test(file));
/** What has no code at all, or none that asks anybody: a room that decides may take its words from there. */
const ownWords = /^cli\/doctor\/(facts|findings)\.ts$/;

/**
 * The one exception to "services know each other only through the contract": a dry run must be the very code that answers, so
 * explain takes what is pure of the other services, and the tables of their settings (docs/decisions/0006-a-dry-run-is-the-same-code.md).
 */
const dryRun = 'services/hardware/explain/';
function mayTake(file: string, name: string): boolean {
  if (!file.startsWith(dryRun)) return false;
  return (
    pureRoom.test(name) || (/^services\/(dhcp|tftp|http)\/config\.ts$/.test(name) && !pureRoom.test(file))
  );
}

describe('the rooms of the house', () => {
  it('has pure rooms in every service', () => {
    for (const service of ['dhcp', 'tftp', 'http', 'hardware']) {
      expect(
        pureRooms.some((file) => file.startsWith(`services/${service}/decide/`)),
        service,
      ).to.equal(true);
    }
  });

  for (const file of pureRooms) {
    it(`${file} reaches no I/O, no clock and no package`, () => {
      const own = `${file.split('/').slice(0, 2).join('/')}/`;
      const foreign = [...reach(file)].filter(
        (name) =>
          !(pureRoom.test(name) && (name.startsWith(own) || file.startsWith(dryRun))) &&
          !pureShared.test(name) &&
          !ownWords.test(name),
      );
      expect(foreign).to.deep.equal([]);
      const code = readFileSync(join(root, file), 'utf8');
      expect(code).not.to.match(
        /\bDate\.now\(|new Date\(\)|performance\.|Math\.random|process\.|setTimeout|console\./,
      );
    });
  }

  it('keeps the pure parts of shared/ pure', () => {
    const parts = sources('shared').filter((file) => pureShared.test(file));
    expect(parts.length).to.be.greaterThan(6);
    for (const file of parts) {
      const foreign = [...reach(file)].filter((name) => !pureShared.test(name));
      expect(foreign, file).to.deep.equal([]);
    }
  });

  it('lets services know each other only through the contract', () => {
    for (const file of rooms) {
      const own = `services/${file.split('/')[1]}/`;
      const others = importsOf(file).filter(
        (name) => name.startsWith('services/') && !name.startsWith(own) && !mayTake(file, name),
      );
      expect(others, file).to.deep.equal([]);
    }
  });

  it('lets shared/ know no service and no command', () => {
    for (const file of sources('shared')) {
      expect(
        importsOf(file).filter((name) => /^(services|cli|test)\//.test(name)),
        file,
      ).to.deep.equal([]);
    }
  });

  it('lets only shared/udp know libc', () => {
    for (const file of [...rooms, ...sources('shared'), ...sources('cli')]) {
      if (importsOf(file).includes('koffi')) expect(file).to.match(/^shared\/udp\//);
    }
  });

  it('starts every service in at most twenty lines', () => {
    const mains = rooms.filter((file) => /^services\/[a-z]+\/main\.ts$/.test(file));
    expect(mains).to.have.length.of.at.least(5);
    for (const file of mains) {
      expect(readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length, file).to.be.at.most(20);
    }
  });

  it('admits to shared/ only what two services or commands use', () => {
    const users = new Map<string, Set<string>>();
    for (const file of [...rooms, ...sources('cli')]) {
      const who = file.startsWith('cli/') ? 'cli' : (file.split('/')[1] ?? '');
      for (const name of reach(file)) users.set(name, (users.get(name) ?? new Set()).add(who));
    }
    const lonely = sources('shared').filter(
      (file) => !/^shared\/generated\//.test(file) && (users.get(file)?.size ?? 0) < 2,
    );
    expect(lonely).to.deep.equal([]);
  });
});
