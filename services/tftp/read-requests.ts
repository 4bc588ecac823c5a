import { parseAssetPath } from '#shared/assets/route.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import { messageOf } from '#shared/errors.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import type { Log } from '#shared/log.ts';
import type { Mac } from '#shared/mac.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import { parseTraceparent } from '#shared/trace/context.ts';
import type { Tracing } from '#shared/trace/tracing.ts';
import type { Outgoing } from '#shared/udp/engine.ts';
import type { TftpSettings } from './config.ts';
import { findContent, type Shelves } from './content.ts';
import { type Mode, parseMode } from './decide/mode.ts';
import { negotiate } from './decide/negotiate.ts';
import { refusal } from './decide/refuse.ts';
import type { TftpMetrics } from './metrics.ts';
import { interfaceMtu } from './mtu.ts';
import { type Outcome, RunningTransfer } from './transfer.ts';
import { type Peer, Transfers } from './transfers.ts';
import { UnansweredBudget } from './unanswered-budget.ts';
import type { ErrorPacket, Request } from './wire/packet.ts';

/** A peer, and by which of our addresses and interfaces its packet came. */
export interface Origin extends Peer {
  readonly localAddress: Ip4;
  readonly ifindex: number;
}

/** How the packets of one transfer leave: by the port that was asked, or by one of its own. */
export interface Way {
  send(datagram: Outgoing): void;
  close(): void;
}

/** @throws {SmeeError} when there is no port left */
export type OpenWay = (origin: Origin) => Way;

export interface ReadRequestsParts {
  readonly settings: TftpSettings;
  readonly shelves: Shelves;
  readonly log: Log;
  readonly metrics: TftpMetrics;
  /** undefined when there is no tracing. */
  readonly tracing?: Tracing | undefined;
}

/** One request, for its one log line. */
interface Asked {
  readonly request: Request;
  readonly origin: Origin;
  readonly mac: Mac | undefined;
  readonly since: number;
}

/** Every transfer with its own port costs a descriptor and buffers: there are fewer of them. */
const mostOwnPorts = 1000;

/** Longer names are cut in the log. */
const longestName = 200;

/** Takes read requests from the first packet to the line in the log. */
export class ReadRequests {
  readonly transfers: Transfers;
  readonly unanswered = new UnansweredBudget();
  readonly #parts: ReadRequestsParts;
  /** Lines about requests that came to nothing. */
  readonly #failures = new RateLimit(100, 500);
  #stopping = false;

  constructor(parts: ReadRequestsParts) {
    this.#parts = parts;
    const { tftpSinglePort, tftpMaxTransfers, tftpMaxTransfersPerClient } = parts.settings;
    this.transfers = new Transfers({
      total: tftpSinglePort ? tftpMaxTransfers : Math.min(tftpMaxTransfers, mostOwnPorts),
      perClient: tftpMaxTransfersPerClient,
    });
  }

  /** Begins a transfer, or says at once why not. */
  accept(request: Request, datagram: Uint8Array, origin: Origin, open: OpenWay): ErrorPacket | undefined {
    const mode = parseMode(request.mode);
    if (mode === undefined) return this.refuse(request, origin, 'bad-request');
    if (this.#stopping) return this.refuse(request, origin, 'shutting-down');
    if (!this.transfers.makeRoom(origin)) return this.refuse(request, origin, 'too-many-transfers');
    const way = this.#open(origin, open);
    if (way === undefined) return this.refuse(request, origin, 'too-many-transfers');

    const asked = this.#asked(request, origin);
    const { address, port, localAddress } = origin;
    const transfer: RunningTransfer = new RunningTransfer({
      send: (bytes) => {
        if (transfer.stage !== 'answered' && !this.maySend(origin, bytes.length)) return;
        way.send({ bytes, address, port, sourceAddress: localAddress });
      },
      now: () => performance.now(),
      ended: (outcome) => {
        way.close();
        this.transfers.delete(origin);
        this.#ended(asked, outcome);
      },
    });
    this.transfers.add({ peer: origin, request: datagram.slice(), transfer });
    this.#parts.metrics.active.set(this.transfers.size);
    this.#prepare(transfer, asked, mode).catch((error: unknown) => {
      const { mac } = asked;
      this.#parts.log.error(
        { mac, file: nameOf(request), error: messageOf(error) },
        'cannot begin a transfer',
      );
      transfer.end('file-unreadable');
    });
    return undefined;
  }

  refuse(request: Request, origin: Origin, why: Reason): ErrorPacket {
    this.#ended(this.#asked(request, origin), { why, bytes: 0, retransmits: 0, terms: undefined });
    return refusal(why);
  }

  /** Whether so many bytes may go to a peer that has not answered: its address may be forged. */
  maySend({ address }: Peer, bytes: number): boolean {
    const may = this.unanswered.spend(address, bytes);
    if (!may) this.#parts.metrics.dropped.inc({ why: 'too-much-unanswered' });
    return may;
  }

  /** New requests are refused; transfers under way may finish for a while (milliseconds). */
  async stop(within: number): Promise<void> {
    this.#stopping = true;
    await this.transfers.drain(within, 'shutting-down');
  }

  /** Who has that address, when exactly one record says so. */
  macAt({ address }: Peer): Mac | undefined {
    const [machine, other] = this.#parts.shelves.machines.byIp(address);
    return other === undefined ? machine?.dhcp.mac : undefined;
  }

  async #prepare(transfer: RunningTransfer, { request, origin, mac }: Asked, mode: Mode): Promise<void> {
    const path = parseAssetPath(request.file);
    const source = await findContent({ path, mode, origin }, this.#parts.shelves);
    if ('why' in source) {
      const { why, detail } = source;
      if (detail !== undefined) this.#parts.log.warn({ mac, why, detail }, 'no script can be made');
      return transfer.end(why);
    }
    const { tftpBlockSize, tftpTimeout } = this.#parts.settings;
    const limits = {
      blockSize: tftpBlockSize,
      timeout: tftpTimeout,
      mtu: await interfaceMtu(origin.ifindex),
    };
    transfer.start(source, negotiate(request.options, source.size, limits));
  }

  #open(origin: Origin, open: OpenWay): Way | undefined {
    try {
      return open(origin);
    } catch (error) {
      if (this.#failures.allow())
        this.#parts.log.error({ mac: this.macAt(origin), error: messageOf(error) }, 'no port for a transfer');
      return undefined;
    }
  }

  #asked(request: Request, origin: Origin): Asked {
    this.#parts.metrics.jobs.begun(jobOf(request));
    const mac = parseAssetPath(request.file).mac ?? this.macAt(origin);
    return { request, origin, mac, since: performance.now() };
  }

  #ended(asked: Asked, { why, bytes, retransmits, terms }: Outcome): void {
    const { log, metrics } = this.#parts;
    const ms = Math.round(performance.now() - asked.since);
    metrics.jobs.done(jobOf(asked.request), ms / 1000);
    metrics.requests.inc({ why });
    metrics.bytes.inc(bytes);
    metrics.retransmits.inc(retransmits);
    metrics.active.set(this.transfers.size);
    if (why === 'ok') metrics.duration.observe(ms / 1000);
    else if (why !== 'size-probe' && !this.#failures.allow()) return;
    const { request, origin, mac } = asked;
    this.#trace(asked, { why, bytes, retransmits, terms });
    log.info(
      {
        mac,
        peer: peerOf(origin),
        said: terms === undefined ? 'ERROR' : 'DATA',
        why,
        file: nameOf(request),
        bytes,
        ms,
        retransmits,
        blksize: terms?.blockSize,
        windowsize: terms?.windowSize,
        suppressed: this.#failures.takeSuppressed() || undefined,
      },
      request.op === 'WRQ' ? 'write request' : 'read request',
    );
  }

  /** A child of the DHCP exchange that named the file, as the name itself says. */
  #trace({ request, origin, mac, since }: Asked, { why, bytes, retransmits, terms }: Outcome): void {
    const { tracing } = this.#parts;
    if (tracing === undefined) return;
    const { traceparent = '' } = parseAssetPath(request.file);
    const span = tracing.begin(`TFTP ${request.op}`, { parent: parseTraceparent(traceparent), since });
    const attributes = {
      'smee.peer': peerOf(origin),
      'tftp.file': nameOf(request),
      'tftp.bytes': bytes,
      'tftp.retransmits': retransmits,
      'tftp.blksize': terms?.blockSize,
      'tftp.windowsize': terms?.windowSize,
      'smee.mac': mac,
      'smee.why': why,
    };
    span.end(attributes, why !== 'ok' && why !== 'size-probe');
  }
}

function jobOf({ op }: Request): string {
  return op === 'RRQ' ? 'read' : 'write';
}

function peerOf({ address, port }: Peer): string {
  return `${formatIp4(address)}:${port}`;
}

function nameOf({ file }: Request): string {
  return file.length > longestName ? `${file.slice(0, longestName)}…` : file;
}
