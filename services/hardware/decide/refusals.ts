import type { Refusal, Violation } from '../wire/status.ts';

/** Every no of this service, in one place: its code, its sentence, its details. */

/** Details travel in a header, for which some clients allow 8 KiB in all: base64, beside the sentence. */
const detailBytes = 4096;

/** All violations, as far as they fit into a header; where they do not, the last one says how many more there are. */
export function invalid(violations: readonly Violation[]): Refusal {
  const sentences = violations.map(({ field, description }) => `${field} ${description}`);
  const shown = fitting(sentences, detailBytes);
  const more = violations.length - shown;
  return {
    code: 'INVALID_ARGUMENT',
    message:
      sentences.slice(0, 5).join('; ') + (violations.length > 5 ? `; and ${violations.length - 5} more` : ''),
    violations: [
      ...violations.slice(0, shown),
      ...(more === 0 ? [] : [{ field: 'hardware', description: `has ${more} more violations like these` }]),
    ],
  };
}

interface Conflict {
  readonly field: string;
  readonly value: string;
  readonly owner: string;
}

/** All conflicts, as far as they fit into a header, each sentence being there twice; then how many more there are. */
export function taken(conflicts: readonly Conflict[]): Refusal {
  const sentences = conflicts.map(
    ({ field, value, owner }) => `${field} ${value} is taken by hardware ${JSON.stringify(owner)}`,
  );
  const shown = fitting(sentences, detailBytes / 2);
  const more = conflicts.length - shown;
  return {
    code: 'ALREADY_EXISTS',
    message: [...sentences.slice(0, shown), ...(more === 0 ? [] : [`and ${more} more`])].join('; '),
    resources: conflicts
      .slice(0, shown)
      .map(({ owner }, at) => ({ name: owner, description: sentences[at] ?? '' })),
  };
}

/** How many of the sentences fit into so many bytes. */
function fitting(sentences: readonly string[], most: number): number {
  let bytes = 0;
  const over = sentences.findIndex((sentence) => {
    bytes += sentence.length + 8;
    return bytes > most;
  });
  return over === -1 ? sentences.length : over;
}

export function absent(what: string): Refusal {
  return { code: 'NOT_FOUND', message: `no hardware has ${what}` };
}

/** @param what a boot, or a machine that was never heard of */
export function absentBoot(what: string): Refusal {
  return { code: 'NOT_FOUND', message: `no boot is known of ${what}` };
}

export function stale(name: string, seen: number, current: number | undefined): Refusal {
  const now = current === undefined ? 'it has been deleted' : `it is at revision ${current}`;
  return {
    code: 'ABORTED',
    message: `hardware ${JSON.stringify(name)} has changed since revision ${seen}: ${now}; read it again`,
  };
}

export function ambiguous(what: string, names: readonly string[]): Refusal {
  return {
    code: 'FAILED_PRECONDITION',
    message: `more than one hardware has ${what}: ${names.join(', ')}; ask by name, MAC or IP`,
  };
}

/** @param why the store has no writer */
export function readOnly(why = 'the records are changed where they come from'): Refusal {
  return { code: 'FAILED_PRECONDITION', message: `this backend is read-only: ${why}` };
}

/** The watcher cannot be continued from where it is. */
export function startOver(why: string): Refusal {
  return { code: 'OUT_OF_RANGE', message: `${why}; start over with since_revision 0` };
}

export const tooSlow: Refusal = {
  code: 'RESOURCE_EXHAUSTED',
  message: 'the watcher reads too slowly; reconnect from the last revision seen',
};

export const tooSlowForEvents: Refusal = {
  code: 'RESOURCE_EXHAUSTED',
  message: 'the watcher reads too slowly; reconnect from the last event seen',
};

export const stopping: Refusal = { code: 'UNAVAILABLE', message: 'the hardware service is stopping' };

export const unauthenticated: Refusal = {
  code: 'UNAUTHENTICATED',
  message: 'the call carries no valid token (metadata "authorization: Bearer …")',
};

export const undecodable: Refusal = {
  code: 'INVALID_ARGUMENT',
  message: 'the request is no message of the contract: it cannot be decoded',
};

export const internal: Refusal = {
  code: 'INTERNAL',
  message: 'internal error; the log of the service has it',
};
