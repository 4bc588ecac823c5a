/**
 * A hardware record as far as machines are made of it. The contract's `Hardware`, as protobufjs reads it, is one; so is what
 * `hardware.ts` here reads, which steps over the rest.
 */
export interface MachineSource {
  readonly name?: string | undefined;
  readonly revision?: number | undefined;
  readonly agentId?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly metadata?:
    | { readonly facility?: { readonly facilityCode?: string | undefined } | undefined }
    | undefined;
  readonly interfaces: readonly InterfaceRecord[];
}

export interface InterfaceRecord {
  readonly disableDhcp?: boolean | undefined;
  readonly dhcp?: DhcpRecord | undefined;
  readonly netboot?: NetbootRecord | undefined;
  readonly isoboot?: { readonly sourceIso?: string | undefined } | undefined;
}

export interface DhcpRecord {
  readonly mac?: string | undefined;
  readonly hostname?: string | undefined;
  readonly domainName?: string | undefined;
  readonly leaseTime?: number | undefined;
  readonly nameServers: readonly string[];
  readonly timeServers: readonly string[];
  readonly arch?: string | undefined;
  readonly ip?: IpRecord | undefined;
  readonly vlanId?: string | undefined;
  readonly classlessStaticRoutes: readonly RouteRecord[];
  readonly tftpServerName?: string | undefined;
  readonly bootFileName?: string | undefined;
  readonly domainSearch: readonly string[];
  readonly broadcastAddress?: string | undefined;
}

export interface RouteRecord {
  readonly destinationDescriptor?: string | undefined;
  readonly router?: string | undefined;
}

export interface IpRecord {
  readonly address?: string | undefined;
  readonly netmask?: string | undefined;
  readonly gateway?: string | undefined;
}

export interface NetbootRecord {
  readonly allowPxe?: boolean | undefined;
  readonly ipxe?:
    | {
        readonly url?: string | undefined;
        readonly contents?: string | undefined;
        readonly binary?: string | undefined;
      }
    | undefined;
  readonly osie?: OsieRecord | undefined;
  readonly pxelinux?: { readonly config?: string | undefined } | undefined;
  readonly rpi?:
    | {
        readonly serialNum?: string | undefined;
        readonly firmwarePath?: string | undefined;
        readonly configTxt?: string | undefined;
      }
    | undefined;
}

export interface OsieRecord {
  readonly baseUrl?: string | undefined;
  readonly kernel?: string | undefined;
  readonly initrd?: string | undefined;
  readonly kernelParams: readonly string[];
}
