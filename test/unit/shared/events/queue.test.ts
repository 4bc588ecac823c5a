import { expect } from 'chai';
import fc from 'fast-check';
import { EventQueue } from '#shared/events/queue.ts';

const full = (...given: number[]) => {
  const queue = new EventQueue<number>(4);
  for (const one of given) queue.push(one);
  return queue;
};

describe('shared/events/queue.ts', () => {
  it('gives what was put in, in order', () => {
    const queue = full(1, 2, 3);
    expect(queue.take(2)).to.deep.equal([1, 2]);
    expect(queue.take(2)).to.deep.equal([3]);
    expect(queue.take(2)).to.deep.equal([]);
    expect(queue.size).to.equal(0);
  });

  it('lets the oldest give way when it is full, and says so', () => {
    const queue = full(1, 2, 3, 4);
    expect(queue.push(5)).to.equal(1);
    expect(queue.size).to.equal(4);
    expect(queue.take(9)).to.deep.equal([2, 3, 4, 5]);
  });

  it('takes back what was taken, in front of the rest', () => {
    const queue = full(1, 2, 3, 4);
    const taken = queue.take(2);
    expect(queue.putBack(taken)).to.deep.equal([]);
    expect(queue.take(9)).to.deep.equal([1, 2, 3, 4]);
  });

  it('takes back only what there is room for, the newest of it', () => {
    const queue = full(1, 2, 3, 4);
    const taken = queue.take(3);
    queue.push(5);
    queue.push(6);
    expect(queue.putBack(taken)).to.deep.equal([1, 2]);
    expect(queue.take(9)).to.deep.equal([3, 4, 5, 6]);
  });

  it('takes nothing back when it is full again', () => {
    const queue = full(1, 2, 3, 4);
    const taken = queue.take(4);
    for (const one of [5, 6, 7, 8]) queue.push(one);
    expect(queue.putBack(taken)).to.deep.equal([1, 2, 3, 4]);
    expect(queue.take(9)).to.deep.equal([5, 6, 7, 8]);
  });

  it('behaves as a list that is cut to its newest, whatever is done to it', () => {
    const steps = fc.array(
      fc.oneof(fc.record({ take: fc.nat(6) }), fc.record({ back: fc.nat(6) }), fc.nat()),
    );
    fc.assert(
      fc.property(steps, (commands) => {
        const queue = new EventQueue<number>(4);
        let model: number[] = [];
        for (const command of commands) {
          if (typeof command === 'number') {
            queue.push(command);
            model = [...model, command].slice(-4);
          } else if ('take' in command) {
            expect(queue.take(command.take)).to.deep.equal(model.splice(0, command.take));
          } else {
            const back = queue.take(command.back);
            queue.putBack(back);
          }
          expect(queue.size).to.equal(model.length);
        }
        expect(queue.take(9)).to.deep.equal(model);
      }),
    );
  });
});
