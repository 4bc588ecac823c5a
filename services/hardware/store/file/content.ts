import { basename } from 'node:path';
import type { Hardware, HardwareInput } from '#shared/hardware/contract.ts';
import type { ReadRecord } from '#shared/hardware/document-reader.ts';
import { readRecords } from '#shared/hardware/documents.ts';
import { parseMac } from '#shared/mac.ts';
import { claimsOf } from '../../decide/claims.ts';
import type { Candidate, FileContent, Finding } from '../../decide/file-plan.ts';
import { validateLeniently } from '../../decide/prune.ts';
import type { Violation } from '../../wire/status.ts';
import { decodeHardware, encodeHardware } from '../codec.ts';
import { readText } from './files.ts';

/** Reads one file of records; never throws. A file in which anything is no YAML is not taken to pieces. */
export function readContent(path: string): FileContent<Hardware> {
  const file = basename(path);
  const read = readText(path);
  // Who is writing now will be heard of again.
  if ('changing' in read) return { file, readable: false, candidates: [], findings: [] };
  if ('wrong' in read) return unreadable(file, [{ line: undefined, field: '', what: read.wrong }]);

  const candidates: Candidate<Hardware>[] = [];
  const malformed: Finding[] = [];
  for (const record of readRecords(read.text)) {
    if (record.wellFormed) candidates.push(toCandidate(record));
    else for (const problem of record.problems) malformed.push(problem);
  }
  if (malformed.length > 0) return unreadable(file, malformed);
  if (candidates.length === 0 && isBlank(read.text))
    return unreadable(file, [
      {
        line: undefined,
        field: '',
        what: 'is empty, as a file half written is; {} says that there is no record',
      },
    ]);
  return { file, readable: true, candidates, findings: [] };
}

function toCandidate({ name, line, hardware, problems, locate }: ReadRecord): Candidate<Hardware> {
  const mac = parseMac(hardware?.interfaces?.[0]?.dhcp?.mac ?? name ?? '');
  const wrong = { name, mac, line, hardware: undefined, claims: [] };
  if (hardware === undefined) return { ...wrong, findings: problems };
  const found = ({ field, description }: Violation): Finding => ({ ...locate(field), what: description });
  const validated = validateLeniently(completed(hardware));
  if (!validated.valid) return { ...wrong, findings: [...problems, ...validated.violations.map(found)] };
  return {
    name,
    mac,
    line,
    hardware: validated.hardware,
    claims: claimsOf(validated.hardware).map(({ key, path }) => ({
      claim: `${key.field} ${key.value}`,
      ...locate(path),
    })),
    findings: [
      ...problems,
      ...validated.leftOut.map((violation) => {
        const finding = found(violation);
        return { ...finding, what: `${finding.what}, and is left out` };
      }),
    ],
  };
}

/** With its absent lists empty, as the contract's readers expect it. */
function completed(hardware: HardwareInput): Hardware {
  return decodeHardware(encodeHardware(hardware));
}

function unreadable(file: string, findings: readonly Finding[]): FileContent<Hardware> {
  return { file, readable: false, candidates: [], findings };
}

/** Nothing but white space, comments and marks between documents. */
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#.*|---|\.\.\.)?\s*$/.test(line));
}
