import { expect } from 'chai';
import { runHttp } from '../support/http.ts';

describe('services/http, at /healthcheck', () => {
  it('says git_rev and both spellings of the uptime at /healthcheck, and no goroutines', async () => {
    await using http = await runHttp(['--git-rev=abc123']);
    const answer = await fetch(`${http.url}/healthcheck`);
    const said = (await answer.json()) as Record<string, unknown>;
    expect(answer.status).to.equal(200);
    expect(said).to.have.all.keys('git_rev', 'uptime', 'uptime_seconds');
    expect(said.git_rev).to.equal('abc123');
    expect(said.uptime).to.be.a('number').and.equal(said.uptime_seconds);
  });
});
