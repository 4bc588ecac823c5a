import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { codes, encodeStatus, type Refusal } from './wire/status.ts';

/** A refusal as gRPC sends it: code, sentence, and google.rpc.Status with the details in the trailers. */
export function statusOf(refusal: Refusal): StatusObject & Error {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(encodeStatus(refusal)));
  const { code, message } = refusal;
  return Object.assign(new Error(message), { code: codes[code], details: message, metadata });
}
