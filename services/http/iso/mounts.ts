import type { Reason } from '#shared/boot/reasons.ts';
import { equal, toBytes } from '#shared/bytes.ts';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import type { Log } from '#shared/log.ts';
import type { Mac } from '#shared/mac.ts';
import { decideMount, type MountDecision, type MountSettings } from '../decide/iso-mount.ts';
import type { HttpMetrics } from '../metrics.ts';
import { hookMagicString } from '../wire/hook-magic.ts';
import { Magic } from '../wire/magic.ts';
import { mountLimits } from './limits.ts';
import type { Source } from './source.ts';
import { Sources } from './sources.ts';

export interface Mount {
  readonly url: URL;
  readonly patch: Uint8Array;
  readonly source: Promise<Source>;
  /** The record that it follows from, as it was last seen to say the same. */
  machine: Machine;
  usedAt: number;
  /** When its ISO was last seen to be the one that was mounted. */
  seenAt: number;
}

interface Refused {
  readonly why: Reason;
  readonly detail?: string;
}

interface Asides {
  readonly settings: MountSettings;
  readonly machines: Machines;
  readonly log: Log;
  readonly metrics: Pick<HttpMetrics, 'mounts'>;
}

/**
 * Which machine has which ISO mounted. A mount begins with a machine's first request, which the boot gate must allow, and ends
 * when nothing was asked for an hour. What happens to the record meanwhile does not end it: a workflow forbids the next boot
 * *before* it ejects the medium of this one. Only a record that allows another ISO, or other arguments, begins another mount.
 */
export class Mounts implements Disposable {
  readonly magic: Magic;
  readonly #asides: Asides;
  readonly #sources: Sources;
  /** In order of use, the one unused longest first. */
  readonly #mounts = new Map<string, Mount>();
  readonly #sweeps: NodeJS.Timeout;

  constructor(asides: Asides) {
    this.#asides = asides;
    this.magic = new Magic(toBytes(asides.settings.isoMagicString ?? hookMagicString));
    this.#sources = new Sources(this.magic, asides.log);
    this.#sweeps = setInterval(() => this.#sweep(), mountLimits.fresh).unref();
  }

  /** @param syslogHost how this machine is told to reach our syslog: machines that reach us by another name get another patch */
  async find(mac: Mac, syslogHost: string): Promise<Mount | Refused> {
    const mount = this.#find(mac, syslogHost);
    if ('why' in mount || !(await this.#isReplaced(mount))) return mount;
    this.end(mount);
    return this.#find(mac, syslogHost);
  }

  #find(mac: Mac, syslogHost: string): Mount | Refused {
    const key = `${mac} ${syslogHost}`;
    const live = this.#live(key);
    const machine = this.#asides.machines.byMac(mac);
    if (live !== undefined && live.machine === machine) return live;
    const wanted = this.#decide(machine, syslogHost);
    if ('why' in wanted) return live ?? wanted;
    if (live !== undefined && live.url.href === wanted.url.href && equal(live.patch, wanted.patch)) {
      live.machine = wanted.machine;
      return live;
    }
    const now = performance.now();
    const mount = { ...wanted, source: this.#sources.open(wanted.url), usedAt: now, seenAt: now };
    this.#add(key, mount);
    return mount;
  }

  /** Its ISO can no longer be had as it was: the next request mounts anew. */
  end(mount: Mount): void {
    this.#sources.forget(mount.url);
    for (const [key, one] of this.#mounts) if (one === mount) this.#mounts.delete(key);
    this.#count();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeps);
    this.#sources[Symbol.dispose]();
  }

  #decide(machine: Machine | undefined, syslogHost: string): MountDecision {
    const { settings, machines } = this.#asides;
    return decideMount(machine, machines.ready, settings, syslogHost, this.magic.length);
  }

  /** Whether the ISO is another one by now, asked at most once a minute: a read would find out, too, but has to fail for it. */
  async #isReplaced(mount: Mount): Promise<boolean> {
    const now = performance.now();
    if (now - mount.seenAt < mountLimits.fresh) return false;
    mount.seenAt = now;
    // What went wrong with a look is told by the answer that needs it.
    const looks = [mount.source, this.#sources.open(mount.url)].map((look) => look.catch(() => undefined));
    const [before, after] = await Promise.all(looks);
    return before !== undefined && after !== undefined && !before.isSameAs(after);
  }

  #live(key: string): Mount | undefined {
    const mount = this.#mounts.get(key);
    const now = performance.now();
    if (mount === undefined || now - mount.usedAt > mountLimits.idle) return undefined;
    mount.usedAt = now;
    this.#mounts.delete(key);
    this.#mounts.set(key, mount);
    return mount;
  }

  #add(key: string, mount: Mount): void {
    const { mac } = mount.machine.dhcp;
    this.#makeRoom(mac);
    this.#mounts.set(key, mount);
    this.#count();
    const drop = () => this.end(mount);
    mount.source.catch(drop);
    this.#asides.log.info({ mac, host: mount.url.host, file: mount.url.pathname }, 'mounts an ISO');
  }

  /** Whoever knows a MAC can begin mounts with made-up names of ours: they drive out that machine's own, and nobody else's. */
  #makeRoom(mac: Mac): void {
    const own = [...this.#mounts.keys()].filter((key) => key.startsWith(mac));
    const all = this.#mounts.size < mountLimits.count ? [] : this.#mounts.keys();
    const [oldest] = own.length < mountLimits.perMachine ? all : own;
    if (oldest !== undefined) this.#mounts.delete(oldest);
  }

  #sweep(): void {
    const now = performance.now();
    for (const [key, { usedAt }] of this.#mounts) {
      if (now - usedAt > mountLimits.idle) this.#mounts.delete(key);
    }
    this.#sources.keepOnly(new Set([...this.#mounts.values()].map(({ url }) => url.href)));
    this.#count();
  }

  #count(): void {
    this.#asides.metrics.mounts.set(this.#mounts.size);
  }
}
