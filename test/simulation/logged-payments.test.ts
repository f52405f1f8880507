import { beforeAll, describe, expect, it } from 'vitest';
import { subscriptionFilters, subscriptions } from '../../shared/domain/events/subscriptions.ts';
import type { PublishedEvent } from './aws/event-bridge.ts';
import type { RunRecord } from './run-record.ts';
import { runSeed } from './run-seed.ts';

type Consumer = keyof typeof subscriptions;

/** The functions that handle an event. */
const handlersOf = ({ event }: PublishedEvent): readonly string[] => {
  const data = event.detail.data as Readonly<Record<string, unknown>>;
  const consumers = Object.entries(subscriptions).filter(([consumer, names]) => {
    const filter = subscriptionFilters[consumer as Consumer];
    const isSubscribed = (names as readonly string[]).includes(event['detail-type']);

    return isSubscribed && (filter === undefined || filter in data);
  });

  return ['relay-changes', ...consumers.map(([consumer]) => consumer)];
};

const paymentIdOf = ({ event }: PublishedEvent) =>
  (event.detail.data as { readonly paymentId?: string }).paymentId;

describe('the log lines of a run without faults', () => {
  let record: RunRecord;

  beforeAll(async () => {
    ({ record } = await runSeed({
      ...{ seed: 1, stage: 'local', adapter: 'simulator', checks: [], mix: {} },
    }));
  });

  it('name each payment in every function that handles one of its events', () => {
    const linesOf = Map.groupBy(record.logLines, (line) => JSON.parse(line).service as string);
    const handled = record.published.flatMap((published) => {
      const paymentId = paymentIdOf(published);

      return paymentId ? handlersOf(published).map((service) => ({ service, paymentId })) : [];
    });
    const unnamed = handled.filter(
      ({ service, paymentId }) => !linesOf.get(service)?.some((line) => line.includes(paymentId)),
    );

    expect(new Set(handled.map(({ service }) => service)).size).toBeGreaterThan(7);
    expect(unnamed).toEqual([]);
  });

  it('have the request id of their invocation', () => {
    const ids = record.logLines.map((line) => JSON.parse(line).requestId);

    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBeGreaterThan(100);
  });
});
