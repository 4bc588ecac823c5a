// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that expands these.
import type { Mac } from '#shared/mac.ts';

/** A script for one machine, before it is text. Every text in it has passed `lineProblem` (shared/boot/script-line.ts), but for `contents`. */
export type Script =
  | { readonly kind: 'default'; readonly boot: DefaultBoot }
  /** For any machine: iPXE puts in what nobody knows. */
  | { readonly kind: 'any'; readonly boot: AnyBoot }
  | { readonly kind: 'custom-url'; readonly mac: Mac; readonly url: string }
  | { readonly kind: 'custom-script'; readonly mac: Mac; readonly contents: string };

export interface DefaultBoot extends AnyBoot {
  readonly mac: Mac;
  readonly arch: string;
}

interface AnyBoot {
  /** undefined: what iPXE was built for. */
  readonly arch: string | undefined;
  /** Without a slash at its end. */
  readonly downloadUrl: string;
  readonly kernel: string;
  readonly initrd: string;
  /** In order, each one or more words. */
  readonly kernelArgs: readonly string[];
  /** How often kernel, initrd and boot are tried again. */
  readonly retries: number;
  /** Seconds. */
  readonly retryDelay: number;
  readonly syslog: SyslogHost | undefined;
}

/** iPXE's own log lines go there too: an address is set, a name is looked up first. */
export type SyslogHost = { readonly address: string } | { readonly name: string };

/**
 * The script as text, a line break at its end.
 *
 * @param autoexec for `autoexec.ipxe`, which iPXE 2 asks for by itself before it has an address of its own: UEFI's network
 *   device, over which it got the file, is closed by then
 */
export function renderScript(script: Script, autoexec = false): string {
  const [saying, body] = bodyOf(script);
  const dhcp = autoexec ? ['dhcp || exit 1'] : [];
  return `${['#!ipxe', '', `echo smee: ${saying}`, ...dhcp, ...body].join('\n')}\n`;
}

function bodyOf(script: Script): readonly [saying: string, lines: readonly string[]] {
  switch (script.kind) {
    case 'default':
      return [`booting ${script.boot.mac}`, defaultScript(script.boot)];
    case 'any':
      return ['booting ${mac}, of which there is no record', defaultScript(script.boot)];
    case 'custom-url':
      return [`chaining to the script of ${script.mac}`, [`chain --autofree ${script.url}`]];
    case 'custom-script':
      return [`running the script of ${script.mac}`, [script.contents.replace(/\n$/, '')]];
  }
}

function defaultScript(boot: AnyBoot): string[] {
  return [
    ...syslogLines(boot.syslog),
    ...archLines(boot.arch),
    `set download-url ${boot.downloadUrl}`,
    `set kernel ${boot.kernel}`,
    `set initrd ${boot.initrd}`,
    `set retries:int32 ${boot.retries}`,
    `set retry-delay:int32 ${boot.retryDelay}`,
    ...step('kernel', ['kernel ${download-url}/${kernel}', ...boot.kernelArgs].join(' '), 'goto initrd'),
    ...step('initrd', 'initrd ${download-url}/${initrd}', 'goto boot'),
    ...step('boot', 'boot', undefined),
    ...failure('kernel', 'could not load ${download-url}/${kernel}'),
    ...failure('initrd', 'could not load ${download-url}/${initrd}'),
    ...failure('boot', 'the kernel did not start'),
  ];
}

/** `||` at the end of a line goes on when the command fails: a boot does not hang on its log. */
function syslogLines(host: SyslogHost | undefined): string[] {
  if (host === undefined) return [];
  return 'address' in host ? [`set syslog ${host.address} ||`] : [`nslookup syslog ${host.name} ||`];
}

/** iPXE says what it was built for: its 32-bit builds, too, run on machines that are 64-bit by now. */
function archLines(arch: string | undefined): string[] {
  if (arch !== undefined) return [`set arch ${arch}`];
  return [
    'set arch ${buildarch}',
    'iseq ${arch} i386 && set arch x86_64 ||',
    'iseq ${arch} arm32 && set arch aarch64 ||',
    'iseq ${arch} arm64 && set arch aarch64 ||',
  ];
}

/** One step, tried again up to `retries` times. */
function step(name: string, command: string, then: string | undefined): string[] {
  return [
    '',
    `:${name}`,
    'set tries:int32 0',
    `:try-${name}`,
    then === undefined ? `${command} ||` : `${command} && ${then} ||`,
    `iseq \${tries} \${retries} && goto no-${name} ||`,
    'inc tries',
    `echo smee: ${name} failed, again in \${retry-delay} s`,
    'sleep ${retry-delay}',
    `goto try-${name}`,
  ];
}

/** `exit 1` sends UEFI to its next boot entry; a plain `exit` would end in its setup menu. */
function failure(name: string, saying: string): string[] {
  return ['', `:no-${name}`, `echo smee: ${saying}`, 'imgfree', 'exit 1'];
}
