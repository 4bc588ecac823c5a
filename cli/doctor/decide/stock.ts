import { formatIp4 } from '#shared/ip4.ts';
import type { ClaimFact, Facts } from '../facts.ts';
import { type Finding, found } from '../findings.ts';

/** Of files of which everything is wrong. */
const maxProblems = 5;

/** Loaders that machines will ask for, and that are not there. */
export function judgeLoaders({ loaders }: Facts): readonly Finding[] {
  return loaders
    .filter(({ there }) => !there)
    .map(({ file, neededBy, where, served }) =>
      found('loader-missing', `${file}, for ${neededBy}, is not in ${where}.`, served ? 'certain' : 'likely'),
    );
}

/** Records in files that claim one address, and lines that cannot be read. A database refuses both. */
export function judgeRecords({ files }: Facts): readonly Finding[] {
  if (files === undefined) return [];
  const problems = files.problems.slice(0, maxProblems);
  return [
    ...problems.map((problem) => found('record-unreadable', `${problem}.`)),
    ...judgeClaims(files.claims),
  ];
}

function judgeClaims(claims: readonly ClaimFact[]): readonly Finding[] {
  const addressed = claims.filter(({ address }) => address !== undefined);
  const byAddress = Object.values(Object.groupBy(addressed, ({ address = 0 }) => formatIp4(address)));
  return byAddress.flatMap((group = []) => {
    const [first] = group;
    if (first?.address === undefined || group.length < 2) return [];
    const who = group.map(({ name, mac }) => `${name} (${mac})`).join(' and ');
    return [found('duplicate-address', `${formatIp4(first.address)} is of ${who}.`)];
  });
}

const mebibyte = 1024 * 1024;

/** Less than a fiftieth, and less than what a large database may need to grow; or almost nothing. */
export function judgeDisks({ disks }: Facts): readonly Finding[] {
  return disks
    .filter(
      ({ freeBytes, freePart }) =>
        freeBytes < 32 * mebibyte || (freePart < 0.02 && freeBytes < 2048 * mebibyte),
    )
    .map(({ path, freeBytes }) =>
      found('disk-full', `${path} has ${Math.floor(freeBytes / mebibyte)} MiB left.`),
    );
}
