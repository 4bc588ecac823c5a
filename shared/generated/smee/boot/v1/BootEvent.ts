// Original file: proto/smee/boot/v1/boot.proto

import type { Machine as _smee_boot_v1_Machine, Machine__Output as _smee_boot_v1_Machine__Output } from '../../../smee/boot/v1/Machine.ts';
import type { Stage as _smee_boot_v1_Stage, Stage__Output as _smee_boot_v1_Stage__Output } from '../../../smee/boot/v1/Stage.ts';
import type { Outcome as _smee_boot_v1_Outcome, Outcome__Output as _smee_boot_v1_Outcome__Output } from '../../../smee/boot/v1/Outcome.ts';
import type { Long } from '@grpc/proto-loader';

export interface BootEvent {
  /**
   * When it began, in milliseconds since 1970, by the clock of the service.
   */
  'timeUnixMilli'?: (number | string | Long);
  'machine'?: (_smee_boot_v1_Machine | null);
  'stage'?: (_smee_boot_v1_Stage);
  'outcome'?: (_smee_boot_v1_Outcome);
  /**
   * A code of docs/errors.md.
   */
  'reason'?: (string);
  /**
   * What was said or served: OFFER, ACK, NAK, silent, DATA, script, loader, artifact, iso, message, phone-home; fetching, HEARD, while
   * a file is under way: details say how much of it.
   */
  'said'?: (string);
  /**
   * What happened, in fields as the service's log names them: file, arch, type, ip, detail, bytes, status, text, …
   * Never a script, a kernel argument, a token or a query string.
   */
  'details'?: ({[key: string]: string});
  /**
   * From the first byte of the request to the last of the answer, in microseconds.
   */
  'durationMicros'?: (number | string | Long);
  /**
   * 32 hex digits; empty without tracing.
   */
  'traceId'?: (string);
  /**
   * DHCP's transaction; 0 elsewhere.
   */
  'xid'?: (number);
  /**
   * How often the very same happened again before it was reported: told once, counted here.
   */
  'repeats'?: (number);
  /**
   * Set by the hardware service.
   * 
   * Rises with each event that is stored.
   */
  'id'?: (number | string | Long);
  /**
   * The boot that it belongs to; 0 when nothing says whose it is.
   */
  'bootId'?: (number | string | Long);
  /**
   * Who reported it, as its Hello says.
   */
  'service'?: (string);
  'instance'?: (string);
  /**
   * Of a fetch that takes long, 16 hex digits: the same in all that is told of it while it is under way, and in what says how it
   * ended. Each replaces what was told of it while it was under way. Empty for all others.
   */
  'fetchId'?: (string);
}

export interface BootEvent__Output {
  /**
   * When it began, in milliseconds since 1970, by the clock of the service.
   */
  'timeUnixMilli'?: (number);
  'machine'?: (_smee_boot_v1_Machine__Output);
  'stage'?: (_smee_boot_v1_Stage__Output);
  'outcome'?: (_smee_boot_v1_Outcome__Output);
  /**
   * A code of docs/errors.md.
   */
  'reason'?: (string);
  /**
   * What was said or served: OFFER, ACK, NAK, silent, DATA, script, loader, artifact, iso, message, phone-home; fetching, HEARD, while
   * a file is under way: details say how much of it.
   */
  'said'?: (string);
  /**
   * What happened, in fields as the service's log names them: file, arch, type, ip, detail, bytes, status, text, …
   * Never a script, a kernel argument, a token or a query string.
   */
  'details'?: ({[key: string]: string});
  /**
   * From the first byte of the request to the last of the answer, in microseconds.
   */
  'durationMicros'?: (number);
  /**
   * 32 hex digits; empty without tracing.
   */
  'traceId'?: (string);
  /**
   * DHCP's transaction; 0 elsewhere.
   */
  'xid'?: (number);
  /**
   * How often the very same happened again before it was reported: told once, counted here.
   */
  'repeats'?: (number);
  /**
   * Set by the hardware service.
   * 
   * Rises with each event that is stored.
   */
  'id'?: (number);
  /**
   * The boot that it belongs to; 0 when nothing says whose it is.
   */
  'bootId'?: (number);
  /**
   * Who reported it, as its Hello says.
   */
  'service'?: (string);
  'instance'?: (string);
  /**
   * Of a fetch that takes long, 16 hex digits: the same in all that is told of it while it is under way, and in what says how it
   * ended. Each replaces what was told of it while it was under way. Empty for all others.
   */
  'fetchId'?: (string);
}
