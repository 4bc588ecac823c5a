#!/usr/bin/env node
import { Command } from 'commander';
import { addBoots } from './boots.ts';
import { addDoctor } from './doctor.ts';
import { conclude } from './exit.ts';
import { addExplain } from './explain.ts';
import { addHardware } from './hardware.ts';
import { addSimulate } from './simulate.ts';
import { addUp } from './up.ts';
import { addWatch } from './watch.ts';

const program = new Command('smee')
  .description('Network-boots a rack of empty machines')
  .showHelpAfterError('(smee --help says what can be done)')
  .exitOverride();

// `smee hardware list | head`: whoever has read enough is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

addUp(program);
addHardware(program);
addSimulate(program);
addDoctor(program);
addWatch(program);
addBoots(program);
addExplain(program);

await conclude(program.parseAsync());
