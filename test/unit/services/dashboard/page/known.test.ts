import { expect } from 'chai';
import { latestFirst, learn } from '../../../../../services/dashboard/page/live/known.ts';
import type { Boot } from '../../../../../services/dashboard/wire/api.ts';

const boot = (id: number, mac: string, parts: Partial<Boot> = {}): Boot => ({
  id,
  machine: { mac, name: '', uuid: '', address: '' },
  state: 'booting',
  stage: 'dhcp',
  reason: 'ok',
  detail: '',
  means: '',
  action: '',
  arch: '',
  client: '',
  from: 0,
  to: id,
  events: 1,
  spans: [],
  ...parts,
});

describe('services/dashboard/page/live/known', () => {
  it('knows one boot of each machine: the last', () => {
    const known = learn(new Map(), [boot(1, 'a'), boot(3, 'a'), boot(2, 'a'), boot(4, 'b')]);
    expect(latestFirst(known).map(({ id }) => id)).to.deep.equal([4, 3]);
  });

  it('lets a slow answer undo nothing that came meanwhile', () => {
    const news = boot(1, 'a', { events: 5, to: 50, state: 'failed' });
    const known = learn(learn(new Map(), [news]), [boot(1, 'a', { events: 4, to: 40 })]);
    expect(latestFirst(known)).to.deep.equal([news]);
  });

  it('takes a change that no event has made', () => {
    const silent = boot(1, 'a', { state: 'failed' });
    expect(latestFirst(learn(learn(new Map(), [boot(1, 'a')]), [silent]))).to.deep.equal([silent]);
  });

  it('tells machines without a MAC apart', () => {
    expect(latestFirst(learn(new Map(), [boot(1, ''), boot(2, '')]))).to.have.length(2);
  });
});
