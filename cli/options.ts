import { InvalidArgumentError, Option } from 'commander';
import { type Kind, Wrong } from '#shared/config.ts';

/** An option of a command whose value is read as a setting of that kind would be. */
export function option<T>(flags: string, help: string, kind: Kind<T>): Option {
  return new Option(flags, help).argParser((text: string) => {
    const value = kind.parse(text);
    if (value instanceof Wrong) throw new InvalidArgumentError(`It ${value.what}.`);
    return value;
  });
}
