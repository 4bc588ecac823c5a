import { run } from '#shared/run.ts';
import { hardwareSettings } from './config.ts';
import { startHardware } from './server.ts';

await run('hardware', hardwareSettings, startHardware);
