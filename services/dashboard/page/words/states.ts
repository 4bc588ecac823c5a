import type { Boot, Stage, State } from '../../wire/api.ts';

/** How a machine stands: the states of a boot, and one more for those that were refused because nobody knows them. */
export type Standing = State | 'stranger';

export const standings: Readonly<Record<Standing, { readonly word: string; readonly title: string }>> = {
  failed: { word: 'Failed', title: 'Failed' },
  booting: { word: 'Booting', title: 'Booting now' },
  stranger: { word: 'Unknown', title: 'Unknown machines' },
  booted: { word: 'Booted', title: 'Booted' },
  'handed-over': { word: 'Handed over', title: 'Handed over' },
};

/** Where machines boot without records (auto-proxy), to have none is no failure. */
const unknownMachine = 'unknown-machine';

/** In the order of a boot. */
export const stageWords: Readonly<Record<Stage, string>> = {
  dhcp: 'DHCP',
  tftp: 'TFTP',
  http: 'HTTP',
  iso: 'ISO',
  syslog: 'Syslog',
  os: 'System',
};

export function standingOf({ state, reason, machine }: Boot): Standing {
  return reason === unknownMachine && machine.name === '' ? 'stranger' : state;
}

/** What people call it. */
export function titleOf({ machine }: Pick<Boot, 'machine'>): string {
  return machine.name || machine.mac || machine.address || machine.uuid || 'a machine without a name';
}

/** One machine has one row: the same, whichever of its boots is shown. */
export function machineKey({ machine, id }: Pick<Boot, 'machine' | 'id'>): string {
  return machine.mac || machine.uuid || `boot ${id}`;
}
