import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { mayCaptureLate } from './known-differences.ts';
import { describePayment, paymentsOf, unless } from './stored-items.ts';

const mostAttempts = 5;

/** The attempts that the gateway knows: the payment of each reference, and the number of its attempt. */
const attemptsAt = ({ gateway }: RunRecord) =>
  gateway.references().map((reference) => {
    const [, paymentId = reference, number = '1'] = /^(pay_\w+)-(\d+)$/.exec(reference) ?? [];

    return { reference, paymentId, number: Number(number) };
  });

/** The references of a payment's earlier attempts that the gateway has captured, or may still capture. */
const openEarlierAttempts = (run: RunRecord, { paymentId, attempt }: Payment): readonly string[] =>
  attemptsAt(run)
    .filter((each) => each.paymentId === paymentId && each.number < attempt)
    .map(({ reference }) => reference)
    .filter((reference) => {
      const { captures, isUndecided } = run.gateway.truthOf(reference);

      return captures > 0 || isUndecided;
    });

/**
 * A claim begins the first attempt, a decline that is kept the next one. A late capture names the attempt that the
 * gateway has captured.
 */
const isNextAttempt = (before: Payment | undefined, { attempt, status }: Payment): boolean => {
  const earlier = before?.attempt ?? 0;
  if (status === 'LATE_CAPTURED' && before?.status !== status)
    return attempt > 0 && attempt <= earlier;
  const isDeclined =
    before !== undefined && status === 'REQUIRES_METHOD' && status !== before.status;
  const isBegun = isDeclined || (earlier === 0 && status === 'CHARGING');

  return attempt === (isBegun ? earlier + 1 : earlier);
};

const faultsOf = ({ table, before, after }: ItemWrite, run: RunRecord): readonly string[] => {
  if (table !== 'Payments' || after === undefined) return [];
  const payment = after as unknown as Payment;
  const { attempt, status } = payment;
  const name = describePayment(payment);
  const isCompared = status !== before?.status && /^(?:CHARGING|REQUIRES_METHOD)$/.test(status);
  const open = isCompared && attempt > 1 ? openEarlierAttempts(run, payment) : [];

  return [
    ...unless(attempt <= mostAttempts, () => `${name} begins attempt ${attempt}`),
    ...unless(
      isNextAttempt(before as Payment | undefined, payment),
      () => `${name}: attempt ${before?.attempt ?? 'none'} becomes ${attempt}`,
    ),
    ...unless(
      open.length === 0 || mayCaptureLate(run, payment),
      () => `${name} begins attempt ${attempt} while the gateway may capture ${open.join(', ')}`,
    ),
  ];
};

/** A method that is captured after its decline is exempt: the gateway itself has said that it ended. */
export const attempts: Check = {
  name: 'attempts',
  property:
    'A payment has at most five attempts, one after the other: each begins after the gateway has ended the one before without a capture, the gateway knows no other attempt, and a completed payment was captured in its last one.',
  invariants: [4, 5],
  onWrite: faultsOf,
  atEnd: (run) => {
    const known = attemptsAt(run);
    const payments = paymentsOf(run);
    const others = payments
      .filter((payment) => payment.status === 'COMPLETED' && !mayCaptureLate(run, payment))
      .flatMap((payment) =>
        known
          .filter(({ paymentId }) => paymentId === payment.paymentId)
          .filter(({ number }) => number !== payment.attempt)
          .filter(({ reference }) => run.gateway.truthOf(reference).captures > 0)
          .map(({ reference }) => `${describePayment(payment)} was captured as ${reference}`),
      );
    const begun = new Map(
      payments.map((payment) => [
        payment.paymentId,
        mayCaptureLate(run, payment) ? mostAttempts : payment.attempt,
      ]),
    );

    const neverBegun = known
      .filter(({ paymentId, number }) => number > 1 && number > (begun.get(paymentId) ?? 0))
      .map(({ reference }) => `the gateway knows ${reference}, which was never begun`);

    return [...others, ...neverBegun];
  },
};
