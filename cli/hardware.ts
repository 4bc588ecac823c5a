import type { Command } from 'commander';
import { exitCodeHelp } from './exit.ts';
import { addApply } from './hardware/apply.ts';
import { addDelete } from './hardware/delete.ts';
import { addExport } from './hardware/export.ts';
import { addGet } from './hardware/get.ts';
import { addList } from './hardware/list.ts';
import { addWatch } from './hardware/watch.ts';

/** `smee hardware` */
export function addHardware(program: Command): void {
  const hardware = program
    .command('hardware')
    .description('asks and changes the hardware records, over gRPC')
    .addHelpText('after', exitCodeHelp);
  for (const add of [addGet, addList, addApply, addDelete, addWatch, addExport]) add(hardware);
}
