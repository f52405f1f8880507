import { timings } from '../../shared/domain/timings.ts';
import { behave } from '../faults/external-systems.ts';
import type { Drill } from './drill.ts';
import { standing } from './probes.ts';
import { deadLetters, staysSo } from './shared-steps.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** An hour, as a message sees it: by how much shorter its pauses between two tries are here. */
const secondsOfAnHour = Math.round(
  (3_600 * sum(timings.local.redeliverAfterMs)) / sum(timings.cloud.redeliverAfterMs),
);

const listener = 'send-to-data-platform';
const sendAgain = `npm run ops -- dead-letters send-again ${listener} --reason "the data platform answers again"`;

export const dataPlatformDown: Drill = {
  name: 'data-platform-down',
  fault: 'the data platform answers 503 to everything.',
  lasts: { really: 'an hour', minutes: 60, seconds: secondsOfAnHour },
  breaks: [
    {
      says: 'The data platform answers 503.',
      does: (scene) => {
        const url = scene.shell.stack.sinks.dataPlatformUrl;
        scene.mendsBy(() => behave(url, {}));

        return behave(url, { status: 503 });
      },
    },
    {
      says: 'Three payments are accepted.',
      does: (scene) => Promise.all([scene.pay(), scene.pay(), scene.pay()]),
    },
    staysSo,
    {
      says: 'They are completed; only the data platform does not know, and what it was to hear is dead.',
      does: (scene) =>
        scene.until(async () => {
          const { dead, stored, text } = await standing(scene);
          const isPaid = stored.every(({ status }) => status === 'COMPLETED');

          return { now: text, isSo: isPaid && (dead[listener] ?? 0) >= stored.length };
        }),
    },
  ],
  sees: [deadLetters],
  rings: [
    // Not that of a queue which is behind: SQS leaves messages that were received three times out of the age.
    { alarm: 'SendToDataPlatformConsumerDeadLettersAlarm', heading: `Dead letters: ${listener}` },
  ],
  recovers: [
    { says: 'The data platform answers again.', does: ({ mend }) => mend() },
    { runs: sendAgain, under: `Dead letters: ${listener}` },
    { runs: `${sendAgain} --execute`, under: `Dead letters: ${listener}` },
  ],
};
