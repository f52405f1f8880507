import { timings } from '../../shared/domain/timings.ts';
import { setSinkBehaviour } from '../faults/external-systems.ts';
import type { Drill } from './drill.ts';
import { currentState } from './probes.ts';
import { deadLetters, faultPersists } from './shared-steps.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** One hour, scaled down like the backoff between two deliveries on the local stack. */
const secondsOfAnHour = Math.round(
  (3_600 * sum(timings.local.redeliveryBackoffMs)) / sum(timings.cloud.redeliveryBackoffMs),
);

const consumer = 'send-to-data-platform';
const redriveCommand = `npm run ops -- dlq redrive ${consumer} --reason "the data platform is available again"`;

export const dataPlatformDown: Drill = {
  name: 'data-platform-down',
  fault: 'the data platform answers every request with 503.',
  duration: { really: 'an hour', minutes: 60, seconds: secondsOfAnHour },
  faultSteps: [
    {
      description: 'The data platform answers 503.',
      run: (context) => {
        const url = context.shell.stack.sinks.dataPlatformUrl;
        context.registerFaultRemoval(() => setSinkBehaviour(url, {}));

        return setSinkBehaviour(url, { status: 503 });
      },
    },
    {
      description: 'Three payments are accepted.',
      run: (context) => Promise.all([context.pay(), context.pay(), context.pay()]),
    },
    faultPersists,
    {
      description: 'All are completed; the messages for the data platform are dead-lettered.',
      run: (context) =>
        context.waitUntil(async () => {
          const { dead, stored, text } = await currentState(context);
          const isPaid = stored.every(({ status }) => status === 'COMPLETED');

          return { summary: text, isReached: isPaid && (dead[consumer] ?? 0) >= stored.length };
        }),
    },
  ],
  observations: [deadLetters],
  expectedAlarms: [
    // Not the queue lag alarm: SQS excludes messages that were received three times from the age.
    { alarm: 'SendToDataPlatformConsumerDeadLettersAlarm', heading: `DLQ not empty: ${consumer}` },
  ],
  recoverySteps: [
    {
      description: 'The data platform is available again.',
      run: ({ removeFault }) => removeFault(),
    },
    { command: redriveCommand, heading: `DLQ not empty: ${consumer}` },
    { command: `${redriveCommand} --execute`, heading: `DLQ not empty: ${consumer}` },
  ],
};
