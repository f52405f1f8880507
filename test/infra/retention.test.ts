import { describe, expect, it } from 'vitest';
import { maxRedrives } from '../../shared/application/dead-letters/redrive.ts';
import { canaryBuyer, canaryExpirationOf } from '../../shared/domain/canary.ts';
import { dayMs, eventTravelMs } from '../../shared/domain/time.ts';
import { isTooOldToDeliver } from '../../shared/persistence/delivery-repository.ts';
import { toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

/** How long EventBridge tries to deliver to a target ("How EventBridge retries delivering events"). */
const busRetryMs = dayMs;

describe.each(Object.entries(contexts))('retention (%s)', (_, context) => {
  const { all } = synthesize(context);
  const secondsOf = (values: readonly unknown[]) => Math.max(...values.map(Number));

  const relayMs =
    1_000 *
    secondsOf(
      all('AWS::Lambda::EventSourceMapping')
        .filter(({ properties }) => toText(properties.EventSourceArn).endsWith('.StreamArn'))
        .map(({ properties }) => properties.MaximumRecordAgeInSeconds),
    );
  const retentions = all('AWS::SQS::Queue').map(({ properties }) =>
    valueAt(properties, 'MessageRetentionPeriod'),
  );
  const deadLettersMs = 1_000 * secondsOf(retentions);
  const queueMs = 1_000 * Math.min(...retentions.map(Number));

  it('ends before an event is too old to be delivered, with all redrives', () => {
    // The relay gives the batch up and it is replayed; then the message dies as often as it may be redriven.
    const longestMs =
      relayMs + deadLettersMs + (1 + maxRedrives) * (busRetryMs + queueMs + deadLettersMs);

    expect(longestMs / dayMs).toBeGreaterThan(90);
    expect(isTooOldToDeliver(new Date(0).toISOString(), new Date(longestMs))).toBe(false);
  });

  it('ends for an event that no consumer failed on before a canary payment is deleted', () => {
    const { expiration = 0 } = canaryExpirationOf(canaryBuyer, new Date(0).toISOString());

    expect(expiration * 1_000).toBeGreaterThanOrEqual(relayMs + busRetryMs + queueMs);
  });

  it('ends for an event that no consumer failed on before a buyer may be erased', () => {
    expect(relayMs + busRetryMs + queueMs).toBeLessThanOrEqual(eventTravelMs);
    expect(eventTravelMs).toBeLessThan(deadLettersMs);
  });
});
