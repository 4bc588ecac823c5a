import type { Command } from 'commander';

/** `smee up`, and so `npm start`: its flags are those of all services, in the services' own syntax. */
export function addUp(program: Command): void {
  program
    .command('up')
    .description('runs the whole provisioner in this process; loopback only, until --iface names a network')
    .argument('[flags...]', 'any flag of any service; smee up --help lists them')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: readonly string[]) => {
      // Loaded only now: the other commands do without the services.
      const { up, upHelp } = await import('./up/run.ts');
      const { env } = process;
      if (args.some((arg) => /^--?h(elp)?$/.test(arg))) process.stdout.write(upHelp());
      else await up({ env, args });
    });
}
