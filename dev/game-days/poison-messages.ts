import { randomUUID } from 'node:crypto';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import type { Drill } from './drill.ts';
import { standing } from './probes.ts';
import { deadLetters } from './shared-steps.ts';

const consumers = Object.keys(subscriptions);

export const poisonMessages: Drill = {
  name: 'poison-messages',
  fault: 'somebody sends to each queue a message that is no event.',
  breaks: [
    {
      says: `A message that nobody can read, to each of ${consumers.length} queues.`,
      does: ({ queues }) =>
        Promise.all(
          consumers.map((consumer) =>
            queues.send(consumer, JSON.stringify({ hello: randomUUID() })),
          ),
        ),
    },
    { says: 'A buyer pays behind them.', does: ({ pay }) => pay() },
    {
      says: 'The payment goes through all the same, and each message ends among the dead letters.',
      does: (scene) =>
        scene.until(async () => {
          const { dead, stored, text } = await standing(scene);
          const isPaid = stored.every(({ status }) => status === 'COMPLETED');

          return { now: text, isSo: isPaid && consumers.every((consumer) => dead[consumer]) };
        }),
    },
  ],
  sees: [deadLetters],
  rings: consumers.map((consumer) => ({
    alarm: `${pascalCase(consumer)}ConsumerDeadLettersAlarm`,
    heading: `Dead letters: ${consumer}`,
  })),
  recovers: [
    {
      runs: 'npm run ops -- dead-letters drop charge-payment --reason "poison, sent by <whom>" --execute',
      under: 'Where to look',
      with: () =>
        consumers.map((consumer) => ({ 'charge-payment': consumer, '<whom>': 'a drill' })),
    },
  ],
};
