import type { DhcpMode } from '#shared/boot/mode.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { MacFormat } from '#shared/mac.ts';

/** What of the settings a decision depends on; config.ts says what each means. */
interface AnswerSettings {
  readonly mode: DhcpMode;
  readonly enableNetbootOptions: boolean;
  readonly syslogIp: Ip4 | undefined;
  readonly tftpIp: Ip4 | undefined;
  readonly tftpPort: number;
  readonly binaryScheme: string;
  readonly binaryHost: string | undefined;
  readonly binaryPort: number;
  readonly binaryPath: string;
  readonly binaryMacFormat: MacFormat;
  readonly scriptScheme: string;
  readonly scriptHost: string | undefined;
  readonly scriptPort: number;
  readonly scriptPath: string;
  readonly scriptUrl: URL | undefined;
  readonly scriptPrependMac: boolean;
  readonly scriptEnabled: boolean;
  readonly archMapping: ReadonlyMap<number, string>;
  readonly chain: 'auto' | 'always' | 'never';
  readonly userClass: string | undefined;
}

/** What a decision knows beside the request and the record: who we are to this client, and how the network lies. */
export interface Here {
  /** Names us in the packet: dhcp-ip-for-packet, else the address of the interface that the request came in on. */
  readonly address: Ip4;
  /** Whether an address in option 54 is one of ours. */
  readonly isOurs: (address: Ip4) => boolean;
  /** Where the request came from. */
  readonly source: { readonly address: Ip4; readonly port: number };
  /** It came to the proxy port, 4011, where firmware asks who already has an address (PXE 2.1 §2.2). */
  readonly onProxyPort: boolean;
  /** false while neither a first sync nor a snapshot has come. */
  readonly synced: boolean;
  /** Loaders that are known not to be there; empty where we cannot know, because somebody else serves them. */
  readonly missingLoaders: ReadonlySet<string>;
  readonly settings: AnswerSettings;
}
