import { expect } from 'chai';
import { UnansweredBudget } from '../../../../services/tftp/unanswered-budget.ts';
import { ip } from '../../../support/dhcp-request.ts';

const victim = ip('10.0.0.1');
const KiB = 1024;

/** How many packets of 512 bytes are let through of so many. */
const spent = (budget: UnansweredBudget, address: number, packets: number) =>
  Array.from({ length: packets }, () => budget.spend(address, 512)).filter(Boolean).length;

describe('services/tftp/unanswered-budget', () => {
  it('gives an address 256 KiB, then 16 KiB a second', () => {
    let now = 0;
    const budget = new UnansweredBudget(() => now);
    expect(spent(budget, victim, 1000)).to.equal((256 * KiB) / 512);
    now = 1000;
    expect(spent(budget, victim, 1000)).to.equal((16 * KiB) / 512);
    now = 3_600_000;
    expect(spent(budget, victim, 1000)).to.equal((256 * KiB) / 512);
  });

  it('counts each address for itself', () => {
    const budget = new UnansweredBudget(() => 0);
    spent(budget, victim, 1000);
    expect(budget.spend(ip('10.0.0.2'), 512)).to.equal(true);
  });

  it('begins anew for an address that has answered', () => {
    const budget = new UnansweredBudget(() => 0);
    expect(spent(budget, victim, 1000)).to.be.below(1000);
    budget.answered(victim);
    expect(budget.spend(victim, 512)).to.equal(true);
  });

  it('forgets the oldest of many, so that its memory is bounded', () => {
    const budget = new UnansweredBudget(() => 0);
    spent(budget, victim, 1000);
    for (let other = 1; other <= 4096; other++) budget.spend(victim + other, 1);
    expect(budget.spend(victim, 512)).to.equal(true);
  });
});
