import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../simulation/aws/event-bridge.ts';
import type { RuleTarget } from '../../../support/cdk/deployment/event-rules.ts';
import { createWorld } from './world.ts';

const charge: RuleTarget = {
  kind: 'queue',
  name: 'Charge/Queue',
  deadLetterQueue: 'Charge/DeadLetters',
  retry: { maximumRetryAttempts: 3, maximumEventAgeMs: 3_600_000 },
  inputFields: {},
};

const entry = { Source: 'shop', DetailType: 'OrderPlaced', Detail: '{"id":"order-1"}' };

const createBus = ({
  target = charge,
  isTaken = () => true,
}: {
  readonly target?: RuleTarget;
  readonly isTaken?: () => boolean;
}) => {
  const world = createWorld();
  const startedAt = world.time.now;
  const attempts: number[] = [];
  const deadLetters: { queue: string; body: string; texts: Record<string, unknown> }[] = [];
  const bus = new EventBus({
    ...world,
    rules: [{ name: 'Charge/Rule', bus: 'Bus', pattern: { source: ['shop'] }, targets: [target] }],
    deliver: () => {
      attempts.push(world.time.now - startedAt);

      return isTaken();
    },
    sendToQueue: (queue, body, attributes) => {
      const texts = Object.entries(attributes).map(([name, { StringValue }]) => [
        name,
        StringValue,
      ]);
      deadLetters.push({ queue, body, texts: Object.fromEntries(texts) });
    },
  });
  const run = (ms: number) => world.time.runUntil(startedAt + ms);

  return { bus, attempts, deadLetters, run };
};

describe('the event bus of the simulation', () => {
  it('delivers an event once to a target that takes it', async () => {
    const { bus, attempts, deadLetters, run } = createBus({});

    bus.putEvents([entry], 'relay');
    await run(86_400_000);

    expect(attempts).toHaveLength(1);
    expect(deadLetters).toEqual([]);
    expect(bus.isIdle).toBe(true);
  });

  it('delivers again after a growing delay until the target takes the event', async () => {
    let left = 3;
    const { bus, attempts, deadLetters, run } = createBus({ isTaken: () => left-- === 0 });

    bus.putEvents([entry], 'relay');
    await run(86_400_000);

    const [first = 0, second = 0, third = 0, fourth = 0] = attempts;
    expect(attempts).toHaveLength(4);
    expect(second - first).toBeLessThanOrEqual(1_000);
    expect(third - second).toBeGreaterThanOrEqual(1_000);
    expect(fourth - third).toBeGreaterThanOrEqual(2_000);
    expect(deadLetters).toEqual([]);
  });

  it('sends the event itself to the dead-letter queue after the last retry', async () => {
    const { bus, attempts, deadLetters, run } = createBus({ isTaken: () => false });

    bus.putEvents([entry], 'relay');
    await run(86_400_000);

    const [letter] = deadLetters;
    expect(attempts).toHaveLength(4);
    expect(letter?.queue).toBe('Charge/DeadLetters');
    expect(JSON.parse(letter?.body ?? '')).toEqual(bus.published[0]?.event);
    expect(letter?.texts).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '3',
    });
    expect(bus.isIdle).toBe(true);
  });

  it('gives an event up when it is too old', async () => {
    const retry = { maximumRetryAttempts: 185, maximumEventAgeMs: 60_000 };
    const target = { ...charge, retry };
    const { bus, attempts, deadLetters, run } = createBus({ target, isTaken: () => false });

    bus.putEvents([entry], 'relay');
    await run(86_400_000);

    expect(attempts.at(-1)).toBeLessThanOrEqual(60_000);
    expect(deadLetters[0]?.texts).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
  });

  it('loses an event that it gives up without a dead-letter queue', async () => {
    const target = { ...charge, deadLetterQueue: undefined };
    const { bus, deadLetters, run } = createBus({ target, isTaken: () => false });

    bus.putEvents([entry], 'relay');
    await run(86_400_000);

    expect(deadLetters).toEqual([]);
    expect(bus.lost).toEqual([{ id: 'order-1', target: 'Charge/Queue' }]);
  });

  it('rejects an entry without a source, and accepts the others', () => {
    const { bus } = createBus({});

    expect(bus.putEvents([{ ...entry, Source: '' }, entry], 'relay')).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'InvalidArgument' }, { EventId: expect.any(String) }],
    });
  });
});
