import { run } from '#shared/run.ts';
import { dashboardSettings } from './config.ts';
import { startDashboard } from './server.ts';

await run('dashboard', dashboardSettings, startDashboard);
