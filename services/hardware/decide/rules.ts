import { lineProblem } from '#shared/boot/script-line.ts';
import { toBytes } from '#shared/bytes.ts';
import { parseCidr, parseIp4, prefixLength } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';

/** What is wrong with a value, as a sentence without its subject ("must be …"); undefined when nothing is. */
export type Rule = (value: string) => string | undefined;

function must(be: string, holds: (value: string) => boolean): Rule {
  return (value) => (holds(value) ? undefined : `must be ${be}`);
}

/** The first complaint of several rules. */
function all(...rules: readonly Rule[]): Rule {
  return (value) => {
    for (const rule of rules) {
      const wrong = rule(value);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

function atMost(bytes: number): Rule {
  return must(`at most ${bytes} bytes`, (value) => value.length <= bytes && toBytes(value).length <= bytes);
}

// C0 and C1 controls, DEL, and the separators that some readers take for a line break.
const control = /[\p{Cc}\u2028\u2029]/u;

/** Stands on one line of a script, of a kernel command line, or in a DHCP option. */
export function line(bytes: number): Rule {
  return all(
    must('one line without control characters', (value) => !control.test(value)),
    atMost(bytes),
  );
}

/** Several lines are fine: a script, a configuration file. */
export function lines(bytes: number): Rule {
  return all(
    must('text without NUL', (value) => !value.includes('\0')),
    atMost(bytes),
  );
}

/** One argument of a kernel or script line. */
function word(bytes: number): Rule {
  return all(
    line(bytes),
    must('one word without white space', (value) => !/\s/.test(value)),
  );
}

/** What iPXE would take for more than text: the HTTP service refuses it at the boot, and so it is refused here already. */
const plainToIpxe: Rule = (value) => {
  const problem = lineProblem(value, 'words');
  return problem === undefined ? undefined : `must not hold ${problem}`;
};

/** One word of a script or kernel line that iPXE reads. */
export function scriptWord(bytes: number): Rule {
  return all(word(bytes), plainToIpxe);
}

/** Words of such a line. */
export function scriptWords(bytes: number): Rule {
  return all(line(bytes), plainToIpxe);
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** RFC 1123 subdomain, as Kubernetes names its objects, so that a record can move there and back. */
export const objectName: Rule = all(
  atMost(253),
  must(
    'lower-case letters, digits, "-" and ".", each part starting and ending with a letter or digit',
    (value) => value.split('.').every((part) => label.test(part)),
  ),
);

/** Letters, digits, "-" and "_" in labels of 1 to 63, 253 in all (RFC 1035 §2.3.4: 255 as a packet has it); a trailing dot is tolerated. */
export const domainName: Rule = all(
  line(255),
  must('at most 253 characters', (value) => value.replace(/\.$/, '').length <= 253),
  must('a host or domain name, its labels 1 to 63 letters, digits, "-" or "_"', (value) =>
    value
      .replace(/\.$/, '')
      .split('.')
      .every((part) => /^[A-Za-z0-9_-]{1,63}$/.test(part)),
  ),
);

export const mac: Rule = must('the MAC address of one interface, such as 52:54:00:77:00:07', (value) => {
  const parsed = parseMac(value);
  return parsed !== undefined && parsed !== '00:00:00:00:00:00' && parsed !== 'ff:ff:ff:ff:ff:ff';
});

export const ip4: Rule = must(
  'an IPv4 address such as 192.168.77.1',
  (value) => parseIp4(value) !== undefined,
);

/** An address that one machine can have: not 0.0.0.0, not multicast, reserved or broadcast (224.0.0.0 and above). */
export const hostAddress: Rule = all(
  ip4,
  must('the address of one host', (value) => {
    const address = parseIp4(value) ?? 0;
    return address !== 0 && address < 0xe000_0000;
  }),
);

export const netmask: Rule = must('a contiguous netmask such as 255.255.255.0', (value) => {
  const mask = parseIp4(value);
  return mask !== undefined && mask !== 0 && prefixLength(mask) !== undefined;
});

export const cidr: Rule = must(
  'a network such as 10.20.0.0/16, its host bits zero',
  (value) => parseCidr(value) !== undefined,
);

export const httpUrl: Rule = all(
  scriptWord(2048),
  must('an http:// or https:// URL', (value) => /^https?:\/\/[^/]/i.test(value) && URL.canParse(value)),
);

export const fileName: Rule = all(
  word(127),
  must('a file name: letters, digits, ".", "-" and "_"', (value) =>
    /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(value),
  ),
);

export const relativePath: Rule = all(
  line(1024),
  must('a path below the asset folder, without ".."', (value) => !value.split(/[/\\]/).includes('..')),
);

export const arch: Rule = must('an architecture such as x86_64 or aarch64', (value) =>
  /^[A-Za-z0-9_-]{1,32}$/.test(value),
);

/** 0 to 4096, or a comma-separated list of them, as Tinkerbell has it. */
export const vlanId: Rule = must('a VLAN id such as 30, or a comma-separated list', (value) =>
  value.split(',').every((id) => /^\d{1,4}$/.test(id) && Number(id) <= 4096),
);
