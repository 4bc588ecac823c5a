import { formatIp4 } from '#shared/ip4.ts';
import type { Facts } from '../facts.ts';
import { type Finding, found } from '../findings.ts';

/** Loaders that machines will ask for, and that are not there. */
export function judgeLoaders({ loaders }: Facts): readonly Finding[] {
  return loaders
    .filter(({ there }) => !there)
    .map(({ file, neededBy, where, served }) =>
      found('loader-missing', `${file}, for ${neededBy}, is not in ${where}.`, served ? 'certain' : 'likely'),
    );
}

/** Records that claim one address. */
export function judgeRecords({ hardware }: Facts): readonly Finding[] {
  const addressed = (hardware.records ?? []).filter(({ address }) => address !== undefined);
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
