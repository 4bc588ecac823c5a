import type { Struct, Value } from './record.ts';

/** How deep a google.protobuf.Struct is nested; counting stops one below `limit`, so that no depth can exhaust the stack. */
export function structDepth(struct: Struct | undefined, limit: number): number {
  let depth = 0;
  let level: readonly Value[] = Object.values(struct?.fields ?? {});
  while (level.length > 0 && depth <= limit) {
    depth++;
    level = level.flatMap((value) => [
      ...Object.values(value.structValue?.fields ?? {}),
      ...(value.listValue?.values ?? []),
    ]);
  }
  return depth;
}
