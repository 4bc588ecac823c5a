import type { z } from 'zod';
import { RequestRefused } from '../refusal.ts';

/** What a request says, checked. @throws {RequestRefused} 400, naming the fields and never their values */
export function read<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].filter(
    (path) => path !== '',
  );
  throw new RequestRefused(400, 'bad-request', `Not as it should be: ${fields.join(', ') || 'the request'}.`);
}
