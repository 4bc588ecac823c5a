import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { SmeeError } from '#shared/errors.ts';

/** A step of a simulated boot that did not work, with the service's reason where it is known. */
export class StepError extends SmeeError {
  readonly why: Reason | undefined;
  constructor(message: string, why?: Reason, cause?: unknown) {
    super(why ?? 'step-failed', message, { cause });
    this.why = why;
  }
}

/** The first reason that a text names (`403 netboot-not-allowed`), if any. */
export function reasonIn(text: string): Reason | undefined {
  return text.match(/[a-z]+(?:-[a-z]+)+/g)?.find((word): word is Reason => Object.hasOwn(reasons, word));
}
