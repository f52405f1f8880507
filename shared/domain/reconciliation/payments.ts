import { mayHaveGaps } from '../bounds.ts';
import type { Payment } from '../payments/payment.ts';
import { transitionOf } from '../payments/payment-transitions.ts';
import { chargeDisagreements } from './charges.ts';
import { comparing, type Disagreement, type Finding, type Subject } from './discrepancy.ts';
import type { BookedRefund } from './records.ts';
import { skipsOf } from './skipped-bookings.ts';
import { type Account, givenBack, isCompensated, type View } from './snapshot.ts';

/** Every payment against its own journal, against what was given back and refunded of it, and against the PG. */
export const paymentFindings = ({ accounts, strays, isStill }: View): Finding[] => [
  ...accounts.map((account): Finding => {
    const subject: Subject = { kind: 'payment', id: account.payment.paymentId };

    return {
      subject,
      isStill: isStill({ accounts: [account] }),
      disagreements: [
        ...journal(subject, account.payment),
        ...compensation(subject, account),
        ...refunds(subject, account),
        ...chargeDisagreements(subject, account),
      ],
    };
  }),
  ...strays.map((stray): Finding => {
    const subject: Subject = { kind: 'payment', id: stray.paymentId };
    const [what, amount] =
      'refundId' in stray
        ? [`refund ${stray.refundId}`, stray.amount]
        : [`${stray.of} ${stray.id} given back`, stray.delta];

    // A payment may come, with its records, after the payments were read and before the records were.
    return {
      subject,
      isStill: isStill({ payments: [stray.paymentId] }),
      disagreements: comparing(subject, '').state(what, 'of no payment', ['of a payment'], amount),
    };
  }),
];

/** The journal leads without a gap, by ways that the table has, to where the payment stands; only one that is full may leave moves out. */
const journal = (subject: Subject, { history, status, version, amount, currency }: Payment) => {
  const { state } = comparing(subject, currency);
  const isFull = mayHaveGaps(history);
  const isBroken = history.some((entry, index) => {
    const before = history[index - 1];
    const next = (before?.version ?? 0) + 1;

    return (
      (isFull ? entry.version < next : entry.version !== next) ||
      entry.from !== before?.to ||
      transitionOf(entry.from, entry.to) === undefined
    );
  });
  const last = `${history.at(-1)?.to} in version ${history.at(-1)?.version}`;

  return [
    ...state('journal', isBroken ? 'broken' : 'whole', ['whole'], amount),
    ...state('state', `${status} in version ${version}`, [last], amount),
  ];
};

/** What is recorded as given back is what was reserved, of a payment that failed, and all of it once its compensation ended. */
const compensation = (subject: Subject, account: Account): Disagreement[] => {
  const { payment, standing, undone } = account;
  const { reservation, userId } = payment;
  const due = [
    { of: 'balance', id: userId, reserved: reservation?.balance ?? 0, unit: payment.currency },
    ...(reservation?.lines ?? []).map(({ sku: id, quantity: reserved }) => {
      return { of: 'stock', id, reserved, unit: 'units' } as const;
    }),
  ] as const;

  return [
    ...due.flatMap(({ of, id, reserved, unit }) => {
      const back = givenBack(account, of, id);
      if (back === undefined && !isCompensated(account)) return [];
      // That nothing could be given back is the record: the item's own counters say what is missing.
      if (skipsOf(account, of, id).some(({ during }) => during === 'compensation')) return [];

      return comparing(subject, unit).count(
        `${of} ${id} given back`,
        back ?? 0,
        standing === 'failed' ? reserved : 0,
      );
    }),
    ...undone
      .filter(({ of, id }) => !due.some((each) => each.of === of && each.id === id))
      .flatMap(({ of, id, delta }) =>
        comparing(subject, 'units').count(`${of} ${id} given back`, delta, 0),
      ),
  ];
};

const sum = (refunds: readonly BookedRefund[], ...statuses: readonly BookedRefund['status'][]) =>
  refunds
    .filter(({ status }) => statuses.includes(status))
    .reduce((total, { amount }) => total + amount, 0);

/** The payment's own sums of its refunds, and never more than was paid. */
const refunds = (subject: Subject, { payment, refunds }: Account): Disagreement[] => {
  const { refunded, refundPending, amount, currency } = payment;
  const { count } = comparing(subject, currency);

  return [
    ...count('refunded', refunded, sum(refunds, 'SUCCEEDED')),
    ...count('refundPending', refundPending, sum(refunds, 'REQUESTED', 'UNDER_REVIEW')),
    ...count('refunds beyond what was paid', Math.max(refunded + refundPending - amount, 0), 0),
  ];
};
