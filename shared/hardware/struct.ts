import type { Struct, Struct__Output } from '../generated/google/protobuf/Struct.ts';
import type { Value, Value__Output } from '../generated/google/protobuf/Value.ts';

/** What JSON can say: what a `google.protobuf.Struct` holds. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function toStruct(object: JsonObject): Struct {
  return { fields: mapValues(object, toValue) };
}

export function fromStruct({ fields = {} }: Struct__Output): JsonObject {
  return mapValues(fields, fromValue);
}

function toValue(json: Json): Value {
  if (json === null) return { nullValue: 'NULL_VALUE' };
  if (typeof json === 'boolean') return { boolValue: json };
  if (typeof json === 'number') return { numberValue: json };
  if (typeof json === 'string') return { stringValue: json };
  return isObject(json)
    ? { structValue: toStruct(json) }
    : { listValue: { values: json.map((element) => toValue(element)) } };
}

function fromValue(value: Value__Output): Json {
  if (value.structValue !== undefined) return fromStruct(value.structValue);
  if (value.listValue !== undefined) return value.listValue.values.map((element) => fromValue(element));
  return value.stringValue ?? value.numberValue ?? value.boolValue ?? null;
}

/** `Object.fromEntries` makes a key of `__proto__` where an assignment would change the prototype. */
function mapValues<A, B>(object: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
