import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { composeFunction, type FunctionFolder } from '../../dev/simulation/compositions.ts';
import { withUnknownFields } from '../support/builders/unknown-fields.ts';
import { checks } from './checks/all-checks.ts';
import { runSeed } from './run-seed.ts';
import type { Compose } from './world.ts';

/** The functions of this tree, whose events a later version publishes: each object has a field more. */
const withNextVersionEvents: Compose = (folder, platform) =>
  composeFunction(folder as FunctionFolder, {
    ...platform,
    createEventBridge: (options) => {
      const bus = platform.createEventBridge(options);
      const send = ({ input }: PutEventsCommand) =>
        bus.send(
          new PutEventsCommand({
            Entries: input.Entries?.map((entry) => ({
              ...entry,
              Detail: JSON.stringify(withUnknownFields(JSON.parse(entry.Detail ?? '{}'))),
            })),
          }),
        );

      return { send } as unknown as EventBridgeClient;
    },
  });

/** The schemas are those of this version's producers. */
const otherChecks = checks.filter(({ name }) => name !== 'event-schemas');

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  'has no finding if a later version publishes the events (seed %s)',
  async (seed) => {
    const { findings, record } = await runSeed({
      seed,
      checks: otherChecks,
      compose: withNextVersionEvents,
    });

    expect(findings).toEqual([]);
    expect(record.published.length).toBeGreaterThan(0);
    for (const { event } of record.published)
      expect(event.detail).toHaveProperty('data.fieldOfNextVersion');
  },
);
