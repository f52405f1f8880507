import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';

interface Task<T> {
  /** Whether it sends an event; the events of the others do not wait for a task that sends none. */
  readonly isSender: boolean;
  readonly run: (send: (event: DomainEvent) => Promise<void>) => Promise<T>;
}

/**
 * Runs tasks concurrently and publishes their events together, once each task has sent its event or ended. `send`
 * throws what `publish` returns for the event. Returns how each task ended.
 */
export const publishTogether = async <T>(
  publish: (events: readonly DomainEvent[]) => Promise<readonly (Error | undefined)[]>,
  tasks: readonly Task<T>[],
): Promise<PromiseSettledResult<T>[]> => {
  const sent: { readonly event: DomainEvent; readonly settle: (fault?: Error) => void }[] = [];
  const running = tasks.map(({ isSender, run }) => {
    const { promise: ready, resolve: setReady } = Promise.withResolvers<void>();
    const ended = run((event) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      sent.push({ event, settle: (fault) => (fault ? reject(fault) : resolve()) });
      setReady();

      return promise;
    });
    // A task that was done before ends without sending.
    if (isSender)
      ended.then(
        () => setReady(),
        () => setReady(),
      );
    else setReady();

    return { ready, ended };
  });
  const results = Promise.allSettled(running.map(({ ended }) => ended));
  await Promise.all(running.map(({ ready }) => ready));
  const faults = sent.length === 0 ? [] : await publish(sent.map(({ event }) => event));
  for (const [index, { settle }] of sent.entries()) settle(faults[index]);

  return results;
};
