#!/usr/bin/env node
import { Command } from 'commander';
import { conclude } from './exit.ts';
import { addHardware } from './hardware.ts';

const program = new Command('smee')
  .description('Network-boots a rack of empty machines')
  .showHelpAfterError('(smee --help says what can be done)')
  .exitOverride();

addHardware(program);

await conclude(program.parseAsync());
