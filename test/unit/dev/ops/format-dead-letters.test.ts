import { expect, it } from 'vitest';
import { showLetters, showQueues } from '../../../../dev/ops/format-dead-letters.ts';
import { noon } from '../../../support/builders/builders.ts';

const letter = {
  messageId: 'm-1',
  paymentId: 'pay_1',
  event: 'PaymentReserved',
  sentAt: noon.toISOString(),
  redrives: 0,
  class: 'send-again',
  why: 'The payment is RESERVED.',
} as const;

it('shows the first letters of each queue that is not empty', () => {
  const items = [
    { consumer: 'charge-payment', depth: 3, sample: [letter] },
    { consumer: 'notify-buyer', depth: 0, sample: [] },
  ];

  expect(showQueues({ items }, noon.getTime() + 90_000)).toBe(
    [
      'queue               class       event            payment  age   why',
      'charge-payment (3)  send-again  PaymentReserved  pay_1    90 s  The payment is RESERVED.',
      '',
      '1 queue of dead letters is empty.',
    ].join('\n'),
  );
});

it('leaves out no queue of which no letter can be seen just now', () => {
  const items = [{ consumer: 'charge-payment', depth: 2, sample: [] }];

  expect(showQueues({ items }, noon.getTime())).toMatch(
    /^charge-payment \(2\) .*look again soon\.\n\n0 queues of dead letters are empty\.$/m,
  );
});

it('says that a dry run moved nothing, and how it is done', () => {
  const items = [{ ...letter, outcome: 'would be sent again' as const }];

  expect(showLetters({ dryRun: true, items })).toMatch(/--execute does it\.$/);
  expect(showLetters({ dryRun: false, items: [] })).toBe(
    'There is no such dead letter.\n\nKept: who, when and why.',
  );
});
