import { stringify } from 'yaml';
import type { Hardware } from './contract.ts';
import { fromStruct, isObject, type Json, type JsonObject } from './struct.ts';
import { type Field, objectMeta, type Shape, spec } from './tinkerbell-shape.ts';

/** A record as a Tinkerbell `Hardware` document. Without its revision: that belongs to one store. */
export function toTinkerbell(hardware: Hardware): JsonObject {
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: writeShape(hardware, objectMeta),
    spec: writeShape(hardware, spec),
  };
}

/** Records as one YAML text, a document each. What older YAML readers would take for a number (`52:54:00:12:34:56`) is quoted. */
export function writeTinkerbell(hardware: Iterable<Hardware>): string {
  return Array.from(hardware, (one) =>
    stringify(toTinkerbell(one), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }),
  ).join('---\n');
}

function writeShape(message: object, { fields, keepsOthers }: Shape): JsonObject {
  const from = new Map<string, unknown>(Object.entries(message));
  const known: Record<string, Json> = {};
  for (const [key, { to, type }] of Object.entries(fields)) {
    const value = writeField(from.get(to), type);
    if (value !== undefined) known[key] = value;
  }
  const other = from.get('other');
  // Known fields first, and they win: `other` may come from a caller that put one of them there.
  return keepsOthers && isObject(other) ? { ...known, ...fromStruct(other as object), ...known } : known;
}

/** undefined for what a document leaves out: absent values, and the contract's empty texts, lists and maps. */
function writeField(value: unknown, type: Field['type']): Json | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return value.map((element) =>
      typeof type === 'object' && 'listOf' in type ? writeShape(element, type.listOf) : element,
    );
  }
  if (!isObject(value)) return value as Json;
  if (type === 'labels') return Object.keys(value).length === 0 ? undefined : value;
  return typeof type === 'object' && 'fields' in type ? writeShape(value, type) : undefined;
}
