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

it('shows the first letters of each queue that is not empty', () => {
  const items = [
    { consumer: 'charge-payment', depth: 3, sample: [deadLetter] },
    { consumer: 'notify-buyer', depth: 0, sample: [] },
  ];

  expect(formatQueueReports({ items }, noon.getTime() + 90_000)).toBe(
    [
      'queue               disposition  event            payment  age   reason',
      'charge-payment (3)  redrive      PaymentReserved  pay_1    90 s  The payment is RESERVED.',
      '',
      '1 queue of dead letters is empty.',
    ].join('\n'),
  );
});

it('leaves out no queue of which no letter can be seen just now', () => {
  const items = [{ consumer: 'charge-payment', depth: 2, sample: [] }];

  expect(formatQueueReports({ items }, noon.getTime())).toMatch(
    /^charge-payment \(2\) .*look again soon\.\n\n0 queues of dead letters are empty\.$/m,
  );
});

it('says that a dry run moved nothing, and how it is done', () => {
  const items = [{ ...deadLetter, outcome: 'planned' as const }];

  expect(formatDeadLetters({ dryRun: true, items })).toMatch(/--execute does it\.$/);
  expect(formatDeadLetters({ dryRun: false, items: [] })).toBe(
    'There is no such dead letter.\n\nKept: who, when and why.',
  );
});
