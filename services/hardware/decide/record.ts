/**
 * A hardware record as far as decisions about it look: the shape of the contract's `Hardware` as it arrives, named here so that
 * this room knows neither gRPC nor generated code. An absent field is undefined; every record of the contract fits.
 */
export interface HardwareRecord {
  readonly name?: string;
  readonly namespace?: string;
  readonly agentId?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly metadata?: {
    readonly facility?: { readonly facilityCode?: string; readonly other?: Struct };
    readonly other?: Struct;
  };
  readonly other?: Struct;
  readonly interfaces: readonly InterfaceRecord[];
}

interface InterfaceRecord {
  readonly dhcp?: DhcpRecord;
  readonly netboot?: NetbootRecord;
  readonly isoboot?: IsobootRecord;
}

export interface DhcpRecord {
  readonly mac?: string;
  readonly hostname?: string;
  readonly domainName?: string;
  readonly leaseTime?: number;
  readonly nameServers: readonly string[];
  readonly timeServers: readonly string[];
  readonly arch?: string;
  readonly ifaceName?: string;
  readonly ip?: {
    readonly address?: string;
    readonly netmask?: string;
    readonly gateway?: string;
    readonly family?: number;
  };
  readonly vlanId?: string;
  readonly classlessStaticRoutes: readonly {
    readonly destinationDescriptor?: string;
    readonly router?: string;
  }[];
  readonly tftpServerName?: string;
  readonly bootFileName?: string;
  readonly domainSearch: readonly string[];
  readonly broadcastAddress?: string;
}

export interface NetbootRecord {
  readonly ipxe?: { readonly url?: string; readonly contents?: string; readonly binary?: string };
  readonly osie?: {
    readonly baseUrl?: string;
    readonly kernel?: string;
    readonly initrd?: string;
    readonly kernelParams: readonly string[];
  };
  readonly pxelinux?: { readonly config?: string };
  readonly rpi?: { readonly serialNum?: string; readonly firmwarePath?: string; readonly configTxt?: string };
}

export interface IsobootRecord {
  readonly sourceIso?: string;
}

/** google.protobuf.Struct */
export interface Struct {
  readonly fields?: Readonly<Record<string, Value>>;
}

/** google.protobuf.Value, as far as it can hold others */
export interface Value {
  readonly structValue?: Struct;
  readonly listValue?: { readonly values: readonly Value[] };
}
