/**
 * One answer for all who ask within a moment: a hundred browsers that read the same thing at the same time cost no more than
 * one. A failure is shared by those who wait for it, and not kept.
 * @param forMs how long an answer is good for
 */
export function shared<T>(
  ask: () => Promise<T>,
  forMs: number,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let current: { readonly answer: Promise<T>; until: number } | undefined;
  return () => {
    if (current !== undefined && now() < current.until) return current.answer;
    const mine = { answer: ask(), until: Number.POSITIVE_INFINITY };
    current = mine;
    mine.answer.then(
      () => {
        mine.until = now() + forMs;
      },
      () => {
        if (current === mine) current = undefined;
      },
    );
    return mine.answer;
  };
}
