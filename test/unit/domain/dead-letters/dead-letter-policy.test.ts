import { describe, expect, it } from 'vitest';
import { storyOf } from '../../../../shared/application/dead-letters/replayable-events.ts';
import { bounds } from '../../../../shared/domain/bounds.ts';
import {
  classify,
  type DeadLetterClass,
} from '../../../../shared/domain/dead-letters/dead-letter-policy.ts';
import { askNow } from '../../../../shared/domain/payments/inquiry-request.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { TransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { movedBy } from '../../../support/builders/payment-history.ts';

const reserved = aPayment({ paymentId: 'pay_1' });
const first = {
  id: 'pay_1-1',
  subject: 'pay_1',
  name: 'PaymentReserved',
  time: noon.toISOString(),
} as const;
const after = (...names: TransitionName[]) => movedBy(reserved, ...names);

const classOf = (
  consumer: string,
  payment: Payment | undefined,
  given: Partial<Parameters<typeof classify>[0]> = {},
) => classify({ consumer, event: first, ...(payment && { payment }), ...given }).class;

describe('a charge', () => {
  it.each<[DeadLetterClass, TransitionName[]]>([
    ['send-again', []],
    ['inquire-first', ['claimed']],
    ['inquire-first', ['claimed', 'outcomeUnknown']],
    ['already-done', ['claimed', 'captured']],
    ['already-done', ['released']],
    ['already-done', ['released', 'compensated']],
  ])('is %s after %j', (found, names) => {
    expect(classOf('charge-payment', after(...names))).toBe(found);
  });

  it('of a reservation that is days old is sent again, and the hold decides', () => {
    const old = { ...reserved, createdAt: '2020-01-01T00:00:00.000Z' };

    expect(classOf('charge-payment', old)).toBe('send-again');
  });
});

it.each<[DeadLetterClass, TransitionName[]]>([
  ['send-again', ['claimed', 'outcomeUnknown']],
  ['already-done', ['claimed', 'outcomeUnknown', 'captured']],
])('an inquiry is %s after %j', (found, names) => {
  expect(classOf('inquire-payment', after(...names))).toBe(found);
});

it('a wish that the PG be asked is an inquiry, though it tells of no version', () => {
  const unknown = after('claimed', 'outcomeUnknown');
  const event = askNow(unknown, { by: 'webhook', at: noon.toISOString(), name: 'w-1' });

  expect(classOf('inquire-payment', unknown, { event })).toBe('send-again');
});

describe('a wish that the PG be asked, which nothing else remembers,', () => {
  const wished = (payment: Payment) =>
    askNow(payment, { by: 'webhook', at: noon.toISOString(), name: 'w-1' });
  const declined = movedBy(reserved, 'claimed', 'declined');

  it.each<[DeadLetterClass, string, Payment]>([
    ['send-again', 'is being compensated', declined],
    ['send-again', 'was declined and undone', movedBy(declined, 'compensated')],
    ['send-again', 'is under review', movedBy(reserved, 'claimed', 'reviewOpened')],
    ['send-again', 'is paid, and to be compared', movedBy(reserved, 'claimed', 'captured')],
    ['already-done', 'was never claimed', movedBy(reserved, 'released', 'compensated')],
    [
      'already-done',
      'was asked about since',
      {
        ...movedBy(declined, 'compensated'),
        inquiredAt: new Date(noon.getTime() + 1).toISOString(),
      },
    ],
  ])('is %s where the payment %s', (found, _case, payment) => {
    expect(classOf('inquire-payment', payment, { event: wished(payment) })).toBe(found);
  });
});

it.each<[DeadLetterClass, TransitionName[]]>([
  ['send-again', ['released']],
  ['send-again', ['released', 'reviewOpened']],
  ['already-done', ['released', 'compensated']],
  ['already-done', ['released', 'compensated', 'lateCaptured', 'reviewOpened']],
  ['already-done', ['claimed', 'captured']],
])('a compensation is %s after %j', (found, names) => {
  expect(classOf('compensation-undelivered', after(...names))).toBe(found);
});

describe('what a listener could not do', () => {
  const completed = after('claimed', 'captured');

  it('is sent again, for it is safe to hear twice', () => {
    expect(classOf('update-ranking', completed)).toBe('send-again');
  });

  it('is done where its effect is on record', () => {
    expect(classOf('notify-buyer', completed, { isDone: true })).toBe('already-done');
  });

  it('is poison where it tells of what never happened', () => {
    const event = { ...first, id: 'pay_1-9' };

    expect(classOf('notify-buyer', completed, { event })).toBe('poison');
    expect(classOf('notify-buyer', undefined)).toBe('poison');
  });

  it.each<[DeadLetterClass, string]>([
    ['send-again', 'pay_1-3'],
    ['poison', 'pay_1-301'],
    ['poison', 'pay_1-0'],
    ['poison', 'pay_1-3.5'],
    ['poison', 'pay_1-3e0'],
    ['poison', 'pay_1-x'],
  ])(
    'is %s where %s would tell of a version that a bounded history may have left out',
    (found, id) => {
      const [opening, ...rest] = completed.history.filter(({ version }) => version !== 3);
      const last = rest.at(-1);
      const fill = Array.from({ length: bounds.historyEntries }, (_, index) => ({
        ...last,
        version: 201 + index,
      }));
      const history = [opening, ...fill] as unknown as Payment['history'];
      const payment = { ...completed, version: 300, history };

      expect(classOf('notify-buyer', payment, { event: { ...first, id } })).toBe(found);
    },
  );
});

it('tells a payment’s whole story again, each event with the id that it had', () => {
  const payment = after('claimed', 'outcomeUnknown', 'captured', 'refundRequested');

  expect(storyOf(payment).map(({ name, id }) => [name, id])).toEqual([
    ['PaymentReserved', 'pay_1-1'],
    ['PaymentOutcomeUnknown', 'pay_1-3'],
    ['PaymentCompleted', 'pay_1-4'],
  ]);
});

it.each<[TransitionName[], string[]]>([
  [
    ['claimed', 'reviewOpened'],
    ['PaymentReserved', 'PaymentReviewOpened'],
  ],
  [
    ['claimed', 'reviewOpened', 'captured'],
    ['PaymentReserved', 'PaymentCompleted'],
  ],
])('after %j tells of a review only while it is open', (names, told) => {
  expect(storyOf(after(...names)).map(({ name }) => name)).toEqual(told);
});
