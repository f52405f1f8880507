import { randomUUID } from 'node:crypto';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import type { Drill } from './drill.ts';
import { currentState } from './probes.ts';
import { deadLetters } from './shared-steps.ts';

const consumers = Object.keys(subscriptions);

export const poisonMessages: Drill = {
  name: 'poison-messages',
  fault: 'every queue receives a message that is not an event.',
  faultSteps: [
    {
      description: `An invalid message is sent to each of ${consumers.length} queues.`,
      run: ({ queues }) =>
        Promise.all(
          consumers.map((consumer) =>
            queues.send(consumer, JSON.stringify({ hello: randomUUID() })),
          ),
        ),
    },
    { description: 'After that, a buyer pays.', run: ({ pay }) => pay() },
    {
      description: 'The payment is completed, and every invalid message is dead-lettered.',
      run: (context) =>
        context.waitUntil(async () => {
          const { dead, stored, text } = await currentState(context);
          const isPaid = stored.every(({ status }) => status === 'COMPLETED');

          return {
            summary: text,
            isReached: isPaid && consumers.every((consumer) => dead[consumer]),
          };
        }),
    },
  ],
  observations: [deadLetters],
  expectedAlarms: consumers.map((consumer) => ({
    alarm: `${pascalCase(consumer)}ConsumerDeadLettersAlarm`,
    heading: `DLQ not empty: ${consumer}`,
  })),
  recoverySteps: [
    {
      command:
        'npm run ops -- dlq delete charge-payment --reason "poison, sent by <whom>" --execute',
      heading: 'Investigation basics',
      placeholders: () =>
        consumers.map((consumer) => ({ 'charge-payment': consumer, '<whom>': 'a drill' })),
    },
  ],
};
