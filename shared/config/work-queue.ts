/**
 * Runs `work` for each item of a queue, first the oldest, at most `maxAtOnce` at once, until the queue is empty. The
 * work may put items into the queue. If the work of an item fails, that of the others goes on; then throws the
 * first fault.
 */
export const emptyQueue = async <T extends object | string>(
  queue: T[],
  maxAtOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const faults: unknown[] = [];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item).catch((fault: unknown) => faults.push(fault));
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, queue.length) }, worker));
  if (faults.length > 0) throw faults[0];
};
