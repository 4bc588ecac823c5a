import { expect } from 'chai';
import { Registry } from 'prom-client';
import { dhcpMetrics } from '../../../../services/dhcp/metrics.ts';

describe('services/dhcp/smee-metrics', () => {
  it('counts under Smee’s names what the outcomes say', async () => {
    const registry = new Registry();
    const metrics = dhcpMetrics(registry);
    metrics.count('DISCOVER', 'OFFER', 'ok');
    metrics.count('DISCOVER', 'silent', 'unknown-machine');
    metrics.count('malformed', 'silent', 'malformed');
    const lines = (await registry.metrics())
      .split('\n')
      .filter((line) => /^(dhcp|discover|jobs)_/.test(line));
    expect(lines).to.deep.equal([
      'dhcp_total{op="recv",type="DHCPDISCOVER"} 2',
      'dhcp_total{op="send",type="DHCPOFFER"} 1',
      'discover_total{from="dhcp"} 2',
      'jobs_total{from="dhcp",op="DHCPDISCOVER"} 2',
    ]);
  });
});
