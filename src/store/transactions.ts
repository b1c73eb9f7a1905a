/** Takes back everything a transaction has written; one that has ended already stays ended. */
export async function abandon(transaction: { abort(): void; done: Promise<unknown> }): Promise<void> {
  const done = transaction.done.catch(() => undefined);
  try {
    transaction.abort();
  } catch {
    // It has failed by itself, for instance because the disk is full.
  }
  await done;
}
