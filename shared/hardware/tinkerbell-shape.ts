import type { ClasslessStaticRoute } from '../generated/smee/hardware/v1/ClasslessStaticRoute.ts';
import type { Dhcp } from '../generated/smee/hardware/v1/Dhcp.ts';
import type { Facility } from '../generated/smee/hardware/v1/Facility.ts';
import type { Interface } from '../generated/smee/hardware/v1/Interface.ts';
import type { IpAddress } from '../generated/smee/hardware/v1/IpAddress.ts';
import type { Ipxe } from '../generated/smee/hardware/v1/Ipxe.ts';
import type { Isoboot } from '../generated/smee/hardware/v1/Isoboot.ts';
import type { Metadata } from '../generated/smee/hardware/v1/Metadata.ts';
import type { Netboot } from '../generated/smee/hardware/v1/Netboot.ts';
import type { Osie } from '../generated/smee/hardware/v1/Osie.ts';
import type { Pxelinux } from '../generated/smee/hardware/v1/Pxelinux.ts';
import type { Rpi } from '../generated/smee/hardware/v1/Rpi.ts';
import type { HardwareInput } from './contract.ts';

/**
 * Tinkerbell's `Hardware` (tinkerbell.org/v1alpha1) beside the contract: every field of a document that a boot looks at, as the
 * document spells it, with the contract's field and its type. Reader and writer both follow this table.
 */
export interface Shape {
  /** The document's key → the contract's field. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Keys that are not in `fields` are kept verbatim in `other`; without it they are errors. */
  readonly keepsOthers?: boolean;
}

export interface Field {
  readonly to: string;
  readonly type: 'text' | 'bool' | 'uint32' | 'texts' | 'labels' | Shape | { readonly listOf: Shape };
}

/** Ties `to` to the contract's type, so that a renamed field does not compile. */
function shape<T>(
  fields: Readonly<Record<string, Field & { readonly to: keyof T }>>,
  options: Pick<Shape, 'keepsOthers'> = {},
): Shape {
  return { fields: fields as Shape['fields'], ...options };
}

const ip = shape<IpAddress>({
  address: { to: 'address', type: 'text' },
  netmask: { to: 'netmask', type: 'text' },
  gateway: { to: 'gateway', type: 'text' },
  family: { to: 'family', type: 'uint32' },
});

const route = shape<ClasslessStaticRoute>({
  destination_descriptor: { to: 'destinationDescriptor', type: 'text' },
  router: { to: 'router', type: 'text' },
});

const dhcp = shape<Dhcp>({
  mac: { to: 'mac', type: 'text' },
  hostname: { to: 'hostname', type: 'text' },
  domain_name: { to: 'domainName', type: 'text' },
  lease_time: { to: 'leaseTime', type: 'uint32' },
  name_servers: { to: 'nameServers', type: 'texts' },
  time_servers: { to: 'timeServers', type: 'texts' },
  arch: { to: 'arch', type: 'text' },
  uefi: { to: 'uefi', type: 'bool' },
  iface_name: { to: 'ifaceName', type: 'text' },
  ip: { to: 'ip', type: ip },
  vlan_id: { to: 'vlanId', type: 'text' },
  classless_static_routes: { to: 'classlessStaticRoutes', type: { listOf: route } },
  tftp_server_name: { to: 'tftpServerName', type: 'text' },
  boot_file_name: { to: 'bootFileName', type: 'text' },
  // Not Tinkerbell's: what the MAC-keyed file format has more, so that an export loses nothing.
  domain_search: { to: 'domainSearch', type: 'texts' },
  broadcast_address: { to: 'broadcastAddress', type: 'text' },
});

const ipxe = shape<Ipxe>({
  url: { to: 'url', type: 'text' },
  contents: { to: 'contents', type: 'text' },
  binary: { to: 'binary', type: 'text' },
});

const osie = shape<Osie>({
  baseURL: { to: 'baseUrl', type: 'text' },
  kernel: { to: 'kernel', type: 'text' },
  initrd: { to: 'initrd', type: 'text' },
  kernelParams: { to: 'kernelParams', type: 'texts' },
});

const pxelinux = shape<Pxelinux>({ config: { to: 'config', type: 'text' } });

const rpi = shape<Rpi>({
  serialNum: { to: 'serialNum', type: 'text' },
  firmwarePath: { to: 'firmwarePath', type: 'text' },
  configTxt: { to: 'configTxt', type: 'text' },
});

const netboot = shape<Netboot>({
  allowPXE: { to: 'allowPxe', type: 'bool' },
  allowWorkflow: { to: 'allowWorkflow', type: 'bool' },
  ipxe: { to: 'ipxe', type: ipxe },
  osie: { to: 'osie', type: osie },
  pxelinux: { to: 'pxelinux', type: pxelinux },
  rpi: { to: 'rpi', type: rpi },
});

const isoboot = shape<Isoboot>({ sourceISO: { to: 'sourceIso', type: 'text' } });

const networkInterface = shape<Interface>({
  disableDhcp: { to: 'disableDhcp', type: 'bool' },
  dhcp: { to: 'dhcp', type: dhcp },
  netboot: { to: 'netboot', type: netboot },
  isoboot: { to: 'isoboot', type: isoboot },
});

const facility = shape<Facility>(
  { facility_code: { to: 'facilityCode', type: 'text' } },
  { keepsOthers: true },
);

const metadata = shape<Metadata>({ facility: { to: 'facility', type: facility } }, { keepsOthers: true });

/** `spec` */
export const spec = shape<HardwareInput>(
  {
    agentID: { to: 'agentId', type: 'text' },
    metadata: { to: 'metadata', type: metadata },
    interfaces: { to: 'interfaces', type: { listOf: networkInterface } },
  },
  { keepsOthers: true },
);

/** `metadata` */
export const objectMeta = shape<HardwareInput>({
  name: { to: 'name', type: 'text' },
  namespace: { to: 'namespace', type: 'text' },
  labels: { to: 'labels', type: 'labels' },
  annotations: { to: 'annotations', type: 'labels' },
});

/** Kept by a Kubernetes API server about an object; `kubectl get -o yaml` shows them, and they mean nothing here. */
export const serverFields: readonly string[] = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
];
