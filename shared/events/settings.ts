import { bool, setting, type Values } from '../config.ts';
import { replicaSettings } from '../hardware/replica-settings.ts';

export const reportSettings = {
  reportEvents: setting(
    'report-events',
    bool,
    'true',
    'Tell the hardware service what happens to each machine; it never waits for that, and neither does any machine.',
  ),
};

const usedSettings = { ...replicaSettings, ...reportSettings };

export type ReportSettings = Values<typeof usedSettings>;
