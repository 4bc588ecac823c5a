import type { BootEvent, Reporter } from '#shared/events/event.ts';

/** A reporter that keeps what it is told, for a test to look at. */
export class Keeping implements Reporter {
  readonly events: BootEvent[] = [];
  facts: Readonly<Record<string, string>> = {};

  know(facts: Readonly<Record<string, string>>): void {
    this.facts = facts;
  }

  tell(event: BootEvent): void {
    this.events.push(event);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
