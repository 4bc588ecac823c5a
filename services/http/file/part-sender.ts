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

  get taken(): number {
    return this.#sending?.taken ?? 0;
  }

  /**
   * Sends the head, and then the part. The head's turn comes when the answers before it on its connection are out, and that it has been
   * handed to the kernel is when the part may follow. An answer that is not sent to its end leaves a connection that is closed.
   * @param changed the file has become shorter than it was: nobody else says so
   */
  follow(answer: ServerResponse, changed: () => void): void {
    if (answer.destroyed) {
      this.#part.release();
      return;
    }
    answer.once('close', () => this.#stop());
    this.#sendfile.cork(this.#socket);
    answer.write('', 'latin1', (error) => {
      if (this.#isOver || error) return;
      this.#sending = this.#sendfile.start(this.#socket, this.#part, (how) => {
        if (this.#isOver) return;
        if (how === 'sent') answer.end();
        else if (how === 'file-changed') changed();
        else this.#socket.destroy();
      });
    });
  }

  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#sending === undefined) this.#part.release();
    else this.#sending.stop();
  }
}
