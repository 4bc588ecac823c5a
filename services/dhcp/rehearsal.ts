import { BootService } from '#shared/events/contract.ts';
import type { BootEvent, Reporter } from '#shared/events/event.ts';
import { toMessage } from '#shared/events/message.ts';
import { EventQueue } from '#shared/events/queue.ts';
import { messageSize } from '#shared/events/reporter.ts';

const { requestSerialize } = BootService.service.ReportEvents;

/** Does with events what a reporter does, but sends nothing: for those who go through their work before anybody waits for it. */
export class Rehearsal implements Reporter {
  readonly #queue = new EventQueue<BootEvent>(messageSize);

  know(): void {}

  tell(event: BootEvent): void {
    this.#queue.push(event);
    if (this.#queue.size < messageSize) return;
    requestSerialize({ events: this.#queue.take(messageSize).map(toMessage), dropped: 0 });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
