import type { Command } from 'commander';

/** `smee doctor`: its flags are those of the services, so that it looks where they are. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('looks for what usually goes wrong on a provisioner, and says how to mend it')
    .argument('[flags...]', '--iface, --json, and any flag of any service, as it was started with')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: readonly string[]) => {
      // Loaded only now, as for `smee up`: the other commands do without the services' settings.
      const { doctor, doctorHelp } = await import('./doctor/run.ts');
      const { env } = process;
      if (args.some((arg) => /^--?h(elp)?$/.test(arg))) process.stdout.write(doctorHelp());
      else await doctor({ env, args });
    });
}
