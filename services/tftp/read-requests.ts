import { parseAssetPath } from '#shared/assets/route.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import { messageOf } from '#shared/errors.ts';
import type { Reporter } from '#shared/events/event.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Log } from '#shared/log.ts';
import type { Mac } from '#shared/mac.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { Tracing } from '#shared/trace/tracing.ts';
import type { Outgoing } from '#shared/udp/engine.ts';
import { Accounts, type Asked, nameOf } from './accounts.ts';
import type { TftpSettings } from './config.ts';
import { findContent, type Shelves } from './content.ts';
import { type Mode, parseMode } from './decide/mode.ts';
import { negotiate } from './decide/negotiate.ts';
import { refusal } from './decide/refuse.ts';
import type { TftpMetrics } from './metrics.ts';
import { interfaceMtu } from './mtu.ts';
import { RunningTransfer } from './transfer.ts';
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
  /** undefined when the hardware service is told nothing. */
  readonly reporter?: Reporter | undefined;
}

/** Every transfer with its own port costs a descriptor and buffers: there are fewer of them. */
const mostOwnPorts = 1000;

/** Takes read requests from the first packet to the line in the log. */
export class ReadRequests {
  readonly transfers: Transfers;
  readonly unanswered = new UnansweredBudget();
  readonly #parts: ReadRequestsParts;
  readonly #accounts: Accounts;
  /** Lines about ports that could not be had. */
  readonly #failures = new RateLimit(1, 10);
  #stopping = false;

  constructor(parts: ReadRequestsParts) {
    this.#parts = parts;
    this.#accounts = new Accounts(parts, () => this.transfers.size);
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

    const asked = this.#accounts.begun(request, origin, this.macAt(origin), () => transfer.soFar);
    const { address, port, localAddress } = origin;
    const transfer: RunningTransfer = new RunningTransfer({
      send: (bytes, body) => {
        const length = bytes.length + (body?.length ?? 0);
        if (transfer.stage !== 'answered' && !this.maySend(origin, length)) return;
        way.send({ bytes, body, address, port, sourceAddress: localAddress });
      },
      now: () => performance.now(),
      ended: (outcome) => {
        way.close();
        this.transfers.delete(origin);
        this.#accounts.ended(asked, outcome);
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
    const asked = this.#accounts.begun(request, origin, this.macAt(origin));
    this.#accounts.ended(asked, { why, bytes: 0, retransmits: 0, terms: undefined, size: undefined });
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
      mtu: interfaceMtu(origin.ifindex),
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
}
