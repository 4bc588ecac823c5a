/**
 * Run inside a namespace: what gRPC alone takes to bring the messages of a snapshot to many. With a database it reads them into
 * memory, says so, and sends them to everybody who asks; without one it asks, throws everything away, and prints how many bytes
 * that were, and when the last was there on the machine's monotonic clock, as a line of JSON.
 *
 *     raw-watch.ts [<database>]
 */
import { writeSync } from 'node:fs';
import { Client, credentials, Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { Feed } from '../../services/hardware/feed.ts';
import { openSqlite } from '../../services/hardware/store/sqlite.ts';
import { monotonic } from './monotonic.ts';

const address = '127.0.0.1:50061';
const path = '/bench.Raw/Watch';
const asItIs = (bytes: Buffer) => bytes;

const [, , database] = process.argv;
if (database === undefined) receive();
else serve(messagesOf(database));

function messagesOf(file: string): readonly Buffer[] {
  using store = openSqlite(file);
  using feed = new Feed(store);
  using snapshot = feed.snapshot();
  const messages: Buffer[] = [];
  for (let at = 0; ; ) {
    const batch = snapshot.next(at);
    if (batch === undefined) return messages;
    messages.push(Buffer.from(batch.bytes));
    at = batch.upTo;
  }
}

function serve(messages: readonly Buffer[]): void {
  const server = new Server();
  const codec = { requestSerialize: asItIs, requestDeserialize: asItIs, responseSerialize: asItIs };
  const method = { path, requestStream: false, responseStream: true, responseDeserialize: asItIs, ...codec };
  const watch = async (call: ServerWritableStream<Buffer, Buffer>) => {
    for (const message of messages) await new Promise((resolve) => call.write(message, resolve));
    call.end();
  };
  server.addService({ Watch: method }, { Watch: watch });
  server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
    if (error !== null) throw error;
    writeSync(1, 'ready\n');
  });
}

function receive(): void {
  const client = new Client(address, credentials.createInsecure());
  let bytes = 0;
  const stream = client.makeServerStreamRequest(path, asItIs, asItIs, Buffer.alloc(0));
  stream.on('data', (message: Buffer) => {
    bytes += message.length;
  });
  stream.on('end', () => {
    writeSync(1, `${JSON.stringify({ doneAt: monotonic(), bytes })}\n`);
    client.close();
  });
}
