import { Option } from 'commander';
import type { Hardware } from '#shared/hardware/contract.ts';
import { toTinkerbell, writeTinkerbell } from '#shared/hardware/tinkerbell.ts';
import { padTo, widthOf } from '../terminal.ts';

export type Format = 'table' | 'yaml' | 'json';

export function formatOption(): Option {
  return new Option('-o, --output <format>', 'how to print it')
    .choices(['table', 'yaml', 'json'] satisfies Format[])
    .default('table' satisfies Format);
}

/** One record: a table of its interfaces, or a Tinkerbell `Hardware` document. */
export function formatRecord(record: Hardware, format: Format): string {
  switch (format) {
    case 'table':
      return table([record]);
    case 'yaml':
      return writeTinkerbell([record]);
    case 'json':
      return `${JSON.stringify(toTinkerbell(record), undefined, 2)}\n`;
  }
}

/** Many: a table, documents one after the other, or one `HardwareList`. `smee hardware apply` reads the last two. */
export function formatRecords(records: readonly Hardware[], format: Format): string {
  switch (format) {
    case 'table':
      return table(records);
    case 'yaml':
      return writeTinkerbell(records);
    case 'json': {
      const items = records.map(toTinkerbell);
      const list = { apiVersion: 'tinkerbell.org/v1alpha1', kind: 'HardwareList', items };
      return `${JSON.stringify(list, undefined, 2)}\n`;
    }
  }
}

const head = ['NAME', 'MAC', 'ADDRESS', 'HOSTNAME', 'ARCH', 'DHCP', 'NETBOOT', 'REVISION'];

/** One line per interface. */
function table(records: readonly Hardware[]): string {
  return columns([head, ...records.flatMap(rowsOf)]);
}

/** The cells of a record's lines; a record without interfaces still has one. */
export function rowsOf({ name = '', revision = 0, interfaces }: Hardware): readonly string[][] {
  if (interfaces.length === 0) return [[name, '', '', '', '', '', '', String(revision)]];
  return interfaces.map(({ dhcp, disableDhcp, netboot }) => [
    name,
    dhcp?.mac ?? '',
    dhcp?.ip?.address ?? '',
    dhcp?.hostname ?? '',
    dhcp?.arch ?? '',
    disableDhcp === true ? 'off' : 'on',
    netboot?.allowPxe === true ? 'allowed' : 'no',
    String(revision),
  ]);
}

/** Cells in columns as wide as their widest; an empty cell is a dash. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[at] ?? '')), 0),
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => padTo(widths[at] ?? 0, cell === '' ? '–' : cell))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
