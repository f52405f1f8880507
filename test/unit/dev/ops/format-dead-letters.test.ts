import { expect, it } from 'vitest';
import { formatDeadLetters, formatQueueReports } from '../../../../dev/ops/format-dead-letters.ts';
import { noon } from '../../../support/builders/builders.ts';

const deadLetter = {
  messageId: 'm-1',
  paymentId: 'pay_1',
  event: 'PaymentReserved',
  sentAt: noon.toISOString(),
  redrives: 0,
  disposition: 'redrive',
  reason: 'The payment is RESERVED.',
} as const;

it('shows the first messages of each queue that is not empty', () => {
  const items = [
    { consumer: 'charge-payment', depth: 3, sample: [deadLetter] },
    { consumer: 'notify-buyer', depth: 0, sample: [] },
  ];

  expect(formatQueueReports({ items }, noon.getTime() + 90_000)).toBe(
    [
      'queue               disposition  event            payment  age   reason',
      'charge-payment (3)  redrive      PaymentReserved  pay_1    90 s  The payment is RESERVED.',
      '',
      '1 dead-letter queue is empty.',
    ].join('\n'),
  );
});

it('shows a queue whose messages are all in flight', () => {
  const items = [{ consumer: 'charge-payment', depth: 2, sample: [] }];

  expect(formatQueueReports({ items }, noon.getTime())).toMatch(
    /^charge-payment \(2\) .*retry shortly\.\n\n0 dead-letter queues are empty\.$/m,
  );
});

it('marks a dry run and names the option that performs it', () => {
  const items = [{ ...deadLetter, outcome: 'planned' as const }];

  expect(formatDeadLetters({ dryRun: true, items })).toMatch(
    /nothing was moved\. Add --execute to perform it\.$/,
  );
  expect(formatDeadLetters({ dryRun: false, items: [] })).toBe(
    'No message matches.\n\nRecorded in the audit log.',
  );
});

it('asks for another run while a batch is not complete', () => {
  const items = [{ ...deadLetter, outcome: 'continued' as const }];

  expect(formatDeadLetters({ dryRun: false, items })).toMatch(
    /A batch is not complete: run the command again\.$/,
  );
});
