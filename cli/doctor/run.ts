import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { helpText, type Source } from '#shared/config.ts';
import { findLocal } from '../connect.ts';
import { CommandError } from '../exit.ts';
import { upSettings } from '../up/settings.ts';
import { diagnose } from './decide/diagnose.ts';
import { examine } from './examine.ts';
import { ownAddresses } from './probe/interfaces.ts';
import { formatJson, formatReport } from './report.ts';
import { doctorSettings, readSite } from './site.ts';

/**
 * Examines this host and tells what was found.
 * @throws {ConfigError} about settings; {CommandError} `failed` when anything was found
 */
export async function doctor(source: Source): Promise<void> {
  // What gRPC would print by itself stands in our findings.
  setLogVerbosity(logVerbosity.NONE);
  const { stdout } = process;
  const own = ownAddresses();
  const { up } = await findLocal();
  const { site, own: options } = readSite(source, up, own);
  const { facts, unseen } = await examine(site, own);
  const report = { found: diagnose(facts), unseen };
  stdout.write(options.json ? formatJson(report) : formatReport(report, stdout));
  if (report.found.length > 0) throw new CommandError('failed');
}

/** The text of `smee doctor --help`. */
export function doctorHelp(): string {
  const own = helpText('smee doctor', { ...upSettings, ...doctorSettings });
  return `${own}
And the flags of all services (smee up --help), as they were started with; a running smee up is found by itself.
Exit codes: 0 all well, 1 something was found, 2 wrong usage. What it can find: docs/doctor.md.
`;
}
