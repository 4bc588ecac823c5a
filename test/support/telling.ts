import type { BootEvent, Facts, Reporter } from '#shared/events/event.ts';

/** A reporter that keeps what it is told, for a test to look at. */
export class Keeping implements Reporter {
  readonly events: BootEvent[] = [];
  facts: () => Facts | Promise<Facts> = () => ({});

  know(look: () => Facts | Promise<Facts>): void {
    this.facts = look;
  }

  tell(event: BootEvent): void {
    this.events.push(event);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
