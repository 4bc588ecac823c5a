import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FilePart, Sending } from './part.ts';
import type { Sendfile } from './sendfile.ts';

/** The body of one answer, which follows its head to the client past Node's own streams. */
export class PartSender {
  readonly #sendfile: Sendfile;
  readonly #socket: Socket;
  readonly #part: FilePart;
  #sending: Sending | undefined;
  #isOver = false;

  constructor(sendfile: Sendfile, socket: Socket, part: FilePart) {
    this.#sendfile = sendfile;
    this.#socket = socket;
    this.#part = part;
  }

  get bytesRead(): number {
    return this.#sending?.bytesRead ?? 0;
  }

  get taken(): number | undefined {
    return this.#sending === undefined ? 0 : this.#sending.taken;
  }

  /** Whether the kernel has all of it: what becomes of it then is not ours to know, as with everything else that is sent. */
  get isWhole(): boolean {
    const { start, end } = this.#part.range;
    return this.bytesRead === end - start;
  }

  /**
   * Sends the head, and then the part. The head's turn comes when the answers before it on its connection are out, and that it has been
   * handed to the kernel is when the part may follow. An answer that is not sent to its end leaves a connection that is closed.
   * @param breakOff called when the file has become shorter than it was, or cannot be read: nobody else says so
   */
  follow(answer: ServerResponse, breakOff: (why: 'file-changed' | 'file-unreadable') => void): void {
    if (this.#isOver) return;
    this.#sendfile.cork(this.#socket);
    answer.write('', 'latin1', (error) => {
      if (this.#isOver || error) return;
      this.#sending = this.#sendfile.start(this.#socket, this.#part, (how) => {
        if (this.#isOver) return;
        if (how === 'sent') answer.end();
        else if (how === 'file-changed' || how === 'file-unreadable') breakOff(how);
        else this.#socket.destroy();
      });
      // Without a descriptor for it, its client would wait for the body.
      if (this.#sending === undefined) this.#socket.destroy();
    });
  }

  /**
   * To be called once, when the answer is closed, or was before it could follow.
   * @param stopped called when nothing of it can leave any more: only then is it known how much has left
   */
  stop(stopped: () => void): void {
    this.#isOver = true;
    if (this.#sending !== undefined) {
      this.#sending.stop(stopped);
      return;
    }
    this.#part.release();
    stopped();
  }
}
