import { timings } from '../../shared/domain/timings.ts';
import { setSinkBehaviour } from '../faults/external-systems.ts';
import type { Drill } from './drill.ts';
import { currentState } from './probes.ts';
import { deadLetters, faultPersists } from './shared-steps.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** An hour, as a message sees it: by how much shorter its pauses between two tries are here. */
const secondsOfAnHour = Math.round(
  (3_600 * sum(timings.local.redeliveryBackoffMs)) / sum(timings.cloud.redeliveryBackoffMs),
);

const consumer = 'send-to-data-platform';
const redriveCommand = `npm run ops -- dlq redrive ${consumer} --reason "the data platform answers again"`;

export const dataPlatformDown: Drill = {
  name: 'data-platform-down',
  fault: 'the data platform answers 503 to everything.',
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
      description:
        'They are completed; only the data platform does not know, and what it was to hear is dead.',
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
    // Not that of a queue which is behind: SQS leaves messages that were received three times out of the age.
    { alarm: 'SendToDataPlatformConsumerDeadLettersAlarm', heading: `DLQ not empty: ${consumer}` },
  ],
  recoverySteps: [
    { description: 'The data platform answers again.', run: ({ removeFault: mend }) => mend() },
    { command: redriveCommand, heading: `DLQ not empty: ${consumer}` },
    { command: `${redriveCommand} --execute`, heading: `DLQ not empty: ${consumer}` },
  ],
};
