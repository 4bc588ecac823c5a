import { messageOf } from '#shared/errors.ts';
import { StepError } from './failure.ts';

/** The steps of a boot, in their order. */
export const stepNames = [
  'record',
  'discover',
  'request',
  'loader',
  'ipxe-discover',
  'ipxe-request',
  'script',
  'kernel',
  'initrd',
  'syslog',
  'release',
  'clean-up',
] as const;

export type StepName = (typeof stepNames)[number];

/** What became of one step of one machine. */
export interface StepResult {
  readonly step: StepName;
  readonly ms: number;
  /** What happened, or why it failed, as a person wants to read it. */
  readonly said: string;
  readonly failure?: StepError;
}

/** A step's value and what to say about it. */
export type Told<T> = readonly [value: T, said: string];

/** Runs the steps of one machine, takes their times and tells each result as it happens. */
export class Steps {
  readonly results: StepResult[] = [];
  readonly #onStep: (result: StepResult) => void;

  constructor(onStep: (result: StepResult) => void) {
    this.#onStep = onStep;
  }

  /** @throws {StepError} whatever the work threw */
  async run<T>(step: StepName, work: () => Promise<Told<T>>): Promise<T> {
    const start = performance.now();
    const tell = (said: string, failure?: StepError) => {
      const ms = performance.now() - start;
      const result = { step, ms, said, ...(failure === undefined ? {} : { failure }) };
      this.results.push(result);
      this.#onStep(result);
    };
    try {
      const [value, said] = await work();
      tell(said);
      return value;
    } catch (error) {
      const failure = error instanceof StepError ? error : new StepError(describe(error), undefined, error);
      tell(failure.message, failure);
      throw failure;
    }
  }

  /** The step that failed first. */
  get failed(): StepResult | undefined {
    return this.results.find(({ failure }) => failure !== undefined);
  }
}

/** An abort carries its own reason: the deadline or Ctrl-C. */
function describe(error: unknown): string {
  const cause = error instanceof Error && error.name === 'AbortError' ? error.cause : undefined;
  return messageOf(cause ?? error);
}
