import { Counter, Gauge, type Registry } from 'prom-client';

/** Who looks on, and what it takes. Each label is a closed set. */
export function dashboardMetrics(registry: Registry) {
  return {
    requests: new Counter({
      name: 'smee_dashboard_requests_total',
      help: 'Requests answered, by kind (page, api, stream, ops) and status.',
      labelNames: ['kind', 'status'],
      registers: [registry],
    }),
    streams: new Gauge({
      name: 'smee_dashboard_streams',
      help: 'Browsers that are told live what happens.',
      registers: [registry],
    }),
    cutOff: new Counter({
      name: 'smee_dashboard_streams_cut_off_total',
      help: 'Streams ended because their browser read too slowly; it comes back by itself.',
      registers: [registry],
    }),
    wrongTokens: new Counter({
      name: 'smee_dashboard_wrong_tokens_total',
      help: 'Requests with a wrong token, or made while too many wrong ones had come.',
      registers: [registry],
    }),
    connected: new Gauge({
      name: 'smee_dashboard_connected',
      help: '1 while boot events come from the hardware service.',
      registers: [registry],
    }),
    events: new Counter({
      name: 'smee_dashboard_events_total',
      help: 'Boot events received from the hardware service.',
      registers: [registry],
    }),
  };
}

export type DashboardMetrics = ReturnType<typeof dashboardMetrics>;
