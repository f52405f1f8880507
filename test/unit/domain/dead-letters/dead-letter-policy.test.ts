import { describe, expect, it } from 'vitest';
import { replayableEventsOf } from '../../../../shared/application/dead-letters/replayable-events.ts';
import { bounds } from '../../../../shared/domain/bounds.ts';
import {
  classify,
  type DeadLetterDisposition,
} from '../../../../shared/domain/dead-letters/dead-letter-policy.ts';
import { buildInquiryRequest } from '../../../../shared/domain/payments/inquiry-request.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';

const reserved = aPayment({ paymentId: 'pay_1' });
const first = {
  id: 'pay_1-1',
  subject: 'pay_1',
  name: 'PaymentReserved',
  time: noon.toISOString(),
} as const;
const after = (...names: PaymentTransitionName[]) => afterTransitions(reserved, ...names);

const classOf = (
  consumer: string,
  payment: Payment | undefined,
  given: Partial<Parameters<typeof classify>[0]> = {},
) => classify({ consumer, event: first, ...(payment && { payment }), ...given }).disposition;

describe('classify a dead-lettered charge', () => {
  it.each<[DeadLetterDisposition, PaymentTransitionName[]]>([
    ['redrive', []],
    ['inquiry-required', ['claimed']],
    ['inquiry-required', ['claimed', 'actionRequired']],
    ['inquiry-required', ['claimed', 'outcomeUnknown']],
    ['obsolete', ['claimed', 'captured']],
    ['obsolete', ['holdReleased']],
    ['obsolete', ['holdReleased', 'compensated']],
  ])('is %s after %j', (found, names) => {
    expect(classOf('charge-payment', after(...names))).toBe(found);
  });

  it('redrives the charge of an old reservation, because the hold expiry decides', () => {
    const old = { ...reserved, createdAt: '2020-01-01T00:00:00.000Z' };

    expect(classOf('charge-payment', old)).toBe('redrive');
  });
});

it.each<[DeadLetterDisposition, PaymentTransitionName[]]>([
  ['redrive', ['claimed', 'actionRequired']],
  ['obsolete', ['claimed', 'actionRequired', 'captured']],
  ['redrive', ['claimed', 'outcomeUnknown']],
  ['obsolete', ['claimed', 'outcomeUnknown', 'captured']],
])('classifies an inquiry as %s after %j', (found, names) => {
  expect(classOf('inquire-payment', after(...names))).toBe(found);
});

it('classifies an inquiry request, although its id is not a version', () => {
  const unknown = after('claimed', 'outcomeUnknown');
  const event = buildInquiryRequest(unknown, {
    source: 'webhook',
    requestedAt: noon.toISOString(),
    triggerId: 'w-1',
  });

  expect(classOf('inquire-payment', unknown, { event })).toBe('redrive');
});

describe('classify a dead-lettered inquiry request', () => {
  const requestFor = (payment: Payment) =>
    buildInquiryRequest(payment, {
      source: 'webhook',
      requestedAt: noon.toISOString(),
      triggerId: 'w-1',
    });
  const declined = afterTransitions(reserved, 'claimed', 'declined');

  it.each<[DeadLetterDisposition, string, Payment]>([
    ['redrive', 'is being compensated', declined],
    ['redrive', 'was declined and compensated', afterTransitions(declined, 'compensated')],
    ['redrive', 'is under review', afterTransitions(reserved, 'claimed', 'reviewOpened')],
    ['redrive', 'is completed', afterTransitions(reserved, 'claimed', 'captured')],
    ['obsolete', 'was never claimed', afterTransitions(reserved, 'holdReleased', 'compensated')],
    [
      'obsolete',
      'was inquired after the request',
      {
        ...afterTransitions(declined, 'compensated'),
        lastInquiredAt: new Date(noon.getTime() + 1).toISOString(),
      },
    ],
  ])('is %s if the payment %s', (found, _case, payment) => {
    expect(classOf('inquire-payment', payment, { event: requestFor(payment) })).toBe(found);
  });
});

it.each<[DeadLetterDisposition, PaymentTransitionName[]]>([
  ['redrive', ['holdReleased']],
  ['redrive', ['holdReleased', 'reviewOpened']],
  ['obsolete', ['holdReleased', 'compensated']],
  ['obsolete', ['holdReleased', 'compensated', 'lateCaptured', 'reviewOpened']],
  ['obsolete', ['claimed', 'captured']],
])('classifies a compensation as %s after %j', (found, names) => {
  expect(classOf('compensation-undelivered', after(...names))).toBe(found);
});

it.each<[DeadLetterDisposition, PaymentTransitionName[]]>([
  ['redrive', ['holdReleased']],
  ['obsolete', ['holdReleased', 'compensationStarted']],
  ['obsolete', ['holdReleased', 'reviewOpened']],
  ['obsolete', ['holdReleased', 'compensated']],
])('classifies a failed payment that is not compensated as %s after %j', (found, names) => {
  expect(classOf('compensate-payment', after(...names))).toBe(found);
});

describe('classify a dead-lettered event of another consumer', () => {
  const completed = after('claimed', 'captured');

  it('redrives it, because the consumer is idempotent', () => {
    expect(classOf('update-ranking', completed)).toBe('redrive');
  });

  it('is obsolete if the consumer has recorded its effect', () => {
    expect(classOf('notify-buyer', completed, { hasEffect: true })).toBe('obsolete');
  });

  it('is poison if its version or its payment does not exist', () => {
    const event = { ...first, id: 'pay_1-9' };

    expect(classOf('notify-buyer', completed, { event })).toBe('poison');
    expect(classOf('notify-buyer', undefined)).toBe('poison');
  });

  it.each<[DeadLetterDisposition, string]>([
    ['redrive', 'pay_1-3'],
    ['poison', 'pay_1-301'],
    ['poison', 'pay_1-0'],
    ['poison', 'pay_1-3.5'],
    ['poison', 'pay_1-3e0'],
    ['poison', 'pay_1-x'],
  ])('is %s if %s may be a version that a compacted history has dropped', (found, id) => {
    const [opening, ...rest] = completed.history.filter(({ version }) => version !== 3);
    const last = rest.at(-1);
    const fill = Array.from({ length: bounds.historyEntries }, (_, index) => ({
      ...last,
      version: 201 + index,
    }));
    const history = [opening, ...fill] as unknown as Payment['history'];
    const payment = { ...completed, version: 300, history };

    expect(classOf('notify-buyer', payment, { event: { ...first, id } })).toBe(found);
  });
});

it('lists the replayable events of a payment, each with its first id', () => {
  const payment = after('claimed', 'outcomeUnknown', 'captured', 'refundRequested');

  expect(replayableEventsOf(payment).map(({ name, id }) => [name, id])).toEqual([
    ['PaymentReserved', 'pay_1-1'],
    ['PaymentOutcomeUnknown', 'pay_1-3'],
    ['PaymentCompleted', 'pay_1-4'],
  ]);
});

it.each<[PaymentTransitionName[], string[]]>([
  [
    ['claimed', 'reviewOpened'],
    ['PaymentReserved', 'PaymentReviewOpened'],
  ],
  [
    ['claimed', 'reviewOpened', 'captured'],
    ['PaymentReserved', 'PaymentCompleted'],
  ],
])('after %j replays a review event only while the review is open', (names, expected) => {
  expect(replayableEventsOf(after(...names)).map(({ name }) => name)).toEqual(expected);
});
