import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { missing, need } from './clients.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where `.ci/containers` puts Compose v2, when the machine's Docker has none. */
const ownPlugins = `${root}.cache/docker`;

export const composeVersions = ['v1.29', 'v2'] as const;
type ComposeVersion = (typeof composeVersions)[number];

/** Between the proxy and the replicas: nobody's network (TEST-NET-3). */
const front = {
  SMEE_PROXY_SUBNET: '203.0.113.0/24',
  SMEE_PROXY_ADDR: '203.0.113.2',
  SMEE_REPLICA_RANGE: '203.0.113.128/25',
};

/** What the tests read of `docker inspect`. */
export interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Pid: number;
    readonly Running: boolean;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Privileged: boolean;
  };
  readonly Mounts: readonly { readonly Type: string; readonly Name?: string }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

export interface ComposeOptions {
  readonly version: ComposeVersion;
  /** The second one on top of the first, and so on. */
  readonly files: readonly string[];
  /** SMEE_… of the compose file. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A compose project of the test's own, with images of its own tag; nothing is left of it when the scope ends. */
export class Composition implements AsyncDisposable {
  readonly project: string;
  readonly #command: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  /** Those without a name of their own: Compose forgets some when it scales down. */
  readonly #volumes = new Set<string>();

  private constructor(command: readonly string[], env: NodeJS.ProcessEnv, options: ComposeOptions) {
    const { version, files, settings } = options;
    this.project = `smee-e2e-${process.pid}-${version.replace('.', '-')}`;
    // The operator's own .env is none of the tests' business; the example must work as it is.
    const example = ['--env-file', `${root}.env.example`];
    const place = ['--project-directory', root, ...files.flatMap((file) => ['--file', `${root}${file}`])];
    this.#command = [...command, ...example, '--project-name', this.project, ...place];
    this.#env = { ...env, SMEE_TAG: this.project, ...front, ...settings };
  }

  /** A project with nothing running yet; where this machine has no such Compose, the test is pending, and fails in CI. */
  static async create(test: Mocha.Context, options: ComposeOptions): Promise<Composition> {
    need(test, 'docker', 'bring it with .ci/containers');
    const inherited = Object.entries(process.env).filter(([name]) => !/^(SMEE|COMPOSE)_/.test(name));
    // v1 with the legacy builder, v2 with BuildKit: the Dockerfile is for both.
    const legacy = options.version === 'v1.29' ? { DOCKER_BUILDKIT: '0', COMPOSE_DOCKER_CLI_BUILD: '0' } : {};
    const plugins = existsSync(ownPlugins) ? { DOCKER_CONFIG: ownPlugins } : {};
    const env = { ...plugins, ...Object.fromEntries(inherited), ...legacy };
    const command = options.version === 'v2' ? ['docker', 'compose'] : ['docker-compose'];
    const said = await run([...command, 'version', '--short'], { env }).catch(() => '');
    if (!said.trim().replace(/^v/, '').startsWith(options.version.slice(1))) {
      missing(test, `Compose ${options.version} is not here; .ci/containers brings it`);
    }
    await run(['docker', 'info'], { env }).catch((error: Error) =>
      missing(test, `no Docker daemon answers; .ci/containers starts one (${error.message})`),
    );
    return new Composition(command, env, options);
  }

  /** Runs a Compose command, and gives its standard output back. @throws with all that it wrote when it fails */
  async compose(args: readonly string[], input = ''): Promise<string> {
    return await run([...this.#command, ...args], { env: this.#env, input });
  }

  async docker(...args: readonly string[]): Promise<string> {
    return await run(['docker', ...args], { env: this.#env });
  }

  /** The project's containers, or those of one service. One-off containers (`run`) are not among them. */
  async containers(service?: string): Promise<readonly Container[]> {
    const of = [
      `label=com.docker.compose.project=${this.project}`,
      'label=com.docker.compose.oneoff=False',
      ...(service === undefined ? [] : [`label=com.docker.compose.service=${service}`]),
    ];
    const ids = await this.docker('ps', '-aq', '--no-trunc', ...of.flatMap((filter) => ['--filter', filter]));
    if (ids.trim() === '') return [];
    const found = JSON.parse(await this.docker('inspect', ...ids.trim().split('\n'))) as Container[];
    for (const { Name = '' } of found.flatMap(({ Mounts }) => Mounts)) {
      if (/^[0-9a-f]{64}$/.test(Name)) this.#volumes.add(Name);
    }
    return found;
  }

  /** The one container of a service. */
  async container(service: string): Promise<Container> {
    const [only, ...others] = await this.containers(service);
    if (only === undefined || others.length > 0)
      throw new Error(`${others.length + 1} containers of ${service}`);
    return only;
  }

  /** Waits until this many containers of a service, or all of the project, are healthy. */
  async untilHealthy(service?: string, count?: number, within = 60_000): Promise<readonly Container[]> {
    const deadline = performance.now() + within;
    for (;;) {
      const containers = await this.containers(service);
      const ill = containers.filter(({ State }) => State.Health?.Status !== 'healthy');
      if (ill.length === 0 && containers.length === (count ?? containers.length)) return containers;
      if (performance.now() > deadline) {
        const names = ill.map(({ Name }) => Name).join(', ');
        throw new Error(`not healthy within ${within} ms: ${names}\n${await this.logs()}`);
      }
      await pause(200);
    }
  }

  /** What the services have written last. */
  async logs(...services: readonly string[]): Promise<string> {
    return await this.compose(['logs', '--no-color', '--timestamps', '--tail', '25', ...services]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = ['--profile', 'tools', '--profile', 'demo'];
    await this.compose([...all, 'down', '--volumes', '--remove-orphans', '--timeout', '5']);
    if (this.#volumes.size > 0) await this.docker('volume', 'rm', '--force', ...this.#volumes);
    const tagged = await this.docker('image', 'ls', '-q', '--filter', `reference=smee*:${this.project}`);
    const images = new Set(
      tagged
        .trim()
        .split('\n')
        .filter((id) => id !== ''),
    );
    if (images.size > 0) await this.docker('image', 'rm', '--force', '--no-prune', ...images);
  }
}

/** Longest that one command may take, in milliseconds: a build from nothing. */
const longest = 240_000;

async function run(
  [program = '', ...args]: readonly string[],
  { env, input = '' }: { env: NodeJS.ProcessEnv; input?: string },
): Promise<string> {
  const child = spawn(program, args, { cwd: root, env, timeout: longest });
  let stdout = '';
  let both = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    both += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    both += text;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const how = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  if (how !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${how}:\n${both.slice(-6000)}`);
  return stdout;
}
