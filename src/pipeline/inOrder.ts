/**
 * Applies `work` to each item with up to `ahead` of them in flight and yields the results in the items' order. The
 * consumer's pace is the brake: nothing is started more than `ahead` items before what it has taken.
 * A rejection (of the items or of `work`) comes in its turn and ends the sequence once everything in flight settled.
 */
export async function* inOrder<In, Out>(
  items: AsyncIterable<In>,
  ahead: number | (() => number),
  work: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const iterator = items[Symbol.asyncIterator]();
  const flight: Promise<Out>[] = [];
  let ended = false;
  let filling = false;
  let arrived: () => void = () => undefined;

  const push = (result: Promise<Out>): void => {
    // A failure is met when its turn comes; until then it must not count as unhandled.
    result.catch(() => undefined);
    flight.push(result);
    arrived();
  };
  const fill = async (): Promise<void> => {
    if (filling) return;
    filling = true;
    try {
      while (!ended && flight.length < numberOf(ahead)) {
        const next = await iterator.next();
        if (ended) return;
        if (next.done) ended = true;
        else push(work(next.value));
      }
    } catch (error) {
      ended = true;
      push(Promise.reject(error));
    } finally {
      filling = false;
      arrived();
    }
  };

  try {
    for (;;) {
      void fill();
      while (flight.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      const first = flight[0];
      if (first === undefined) return;
      yield await first;
      flight.shift();
    }
  } finally {
    ended = true;
    await Promise.allSettled(flight);
    await iterator.return?.();
  }
}

/** A number that may change while items come. */
export const numberOf = (value: number | (() => number)): number => (typeof value === "number" ? value : value());
