import type { Hello__Output } from '#shared/generated/smee/boot/v1/Hello.ts';
import type { Violation } from '../../wire/status.ts';

/** Who may report. */
const services = ['dhcp', 'tftp', 'http', 'syslog'] as const;

type ReportingService = (typeof services)[number];

/** Who reports, and by which settings it decides. */
export interface Hello {
  readonly service: ReportingService;
  /** Tells replicas of one service apart. */
  readonly instance: string;
  /** By flag, as they would be written. */
  readonly settings: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, string>>;
}

const most = { instance: 253, settings: 256, facts: 64, text: 64 * 1024, all: 512 * 1024 } as const;

/** The Hello of a stream, or everything that is wrong with it. */
export function readHello(told: Hello__Output): Hello | readonly Violation[] {
  const { service, instance = '', settings = {}, facts = {} } = told;
  const known = services.find((name) => name === service);
  const violations = [
    ...(known === undefined ? [wrong('service', `must be one of ${services.join(', ')}`)] : []),
    ...(/^[\x21-\x7e]+$/.test(instance) && instance.length <= most.instance
      ? []
      : [wrong('instance', `must be 1 to ${most.instance} printable characters without spaces`)]),
    ...checkMap('settings', settings, most.settings),
    ...checkMap('facts', facts, most.facts),
  ];
  return known === undefined || violations.length > 0
    ? violations
    : { service: known, instance, settings, facts };
}

function checkMap(
  field: string,
  map: Readonly<Record<string, string>>,
  entries: number,
): readonly Violation[] {
  const named = Object.entries(map);
  const characters = named.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  const isPlain = named.every(
    ([key, value]) => /^[A-Za-z][\w-]{0,63}$/.test(key) && value.length <= most.text,
  );
  return [
    ...(named.length <= entries ? [] : [wrong(field, `must have at most ${entries} entries`)]),
    ...(isPlain
      ? []
      : [wrong(field, `must have plain names and at most ${most.text} characters in each value`)]),
    ...(characters <= most.all ? [] : [wrong(field, `must have at most ${most.all} characters in all`)]),
  ];
}

const wrong = (field: string, description: string): Violation => ({ field: `hello.${field}`, description });
