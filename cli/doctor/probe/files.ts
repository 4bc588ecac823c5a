import { parseIp4 } from '#shared/ip4.ts';
import { readDocuments } from '../../hardware/documents.ts';
import type { FileFact } from '../facts.ts';

/** Reads the files of records as the hardware service does: what it leaves out is not to be seen over gRPC. */
export async function probeFiles(path: string): Promise<FileFact> {
  const { documents, problems } = await readDocuments([path]);
  const claims = documents.flatMap(({ hardware: { name = '', interfaces } }) =>
    (interfaces ?? []).map(({ dhcp }) => ({
      name: name ?? '',
      mac: dhcp?.mac ?? '',
      address: parseIp4(dhcp?.ip?.address ?? ''),
    })),
  );
  return { claims, problems };
}
