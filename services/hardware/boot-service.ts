import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { BootService } from '#shared/events/contract.ts';
import type { WatchEventsRequest__Output } from '#shared/generated/smee/boot/v1/WatchEventsRequest.ts';
import { encoded, unary, watch } from './calls.ts';
import { explainBoot } from './handlers/boots/explain.ts';
import { getBoot, listBoots } from './handlers/boots/read.ts';
import { reportEvents } from './handlers/boots/report.ts';
import { watchEvents } from './handlers/boots/watch.ts';
import type { Handling } from './handling.ts';
import { readToldEvents } from './wire/told-events.ts';

const { ReportEvents } = BootService.service;

/** The contract of boots. */
export const bootService = encoded({
  ...BootService.service,
  ReportEvents: {
    ...ReportEvents,
    requestDeserialize: (bytes: Buffer) => readToldEvents(bytes) ?? ReportEvents.requestDeserialize(bytes),
  },
});

/** Its handlers as gRPC calls them. */
export function bootCalls(handling: Handling): UntypedServiceImplementation {
  const open = handling.metrics.eventWatchers;
  const from = ({ machine, afterId, sinceUnixMilli }: WatchEventsRequest__Output) => {
    return { machine, afterId, sinceUnixMilli };
  };
  return {
    ReportEvents: reportEvents(handling),
    ListBoots: unary(handling, listBoots),
    GetBoot: unary(handling, getBoot),
    ExplainBoot: unary(handling, explainBoot),
    WatchEvents: watch(handling, { open, from }, watchEvents),
  };
}
