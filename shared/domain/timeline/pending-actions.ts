import type { Payment } from '../payments/payment.ts';
import { owesCancel } from '../payments/refundable.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Review } from '../reviews/review.ts';
import type { Timings } from '../timings.ts';
import type { Hearing } from './published-events.ts';

/** What is still to happen to a payment by itself, or waits for somebody. */
export interface Due {
  /** ISO 8601. Absent where no time is set. */
  readonly at?: string;
  readonly detail: string;
}

export type Schedule = Pick<Timings, 'holdMs' | 'inquiriesAfterMs'>;

/** Where a payment stands: what has been refunded of it, and what is not given back yet. */
interface Standing {
  readonly refunds: readonly Refund[];
  readonly missing: readonly string[];
}

/** What is still due of a payment and its refunds; nothing where all has been said and done. */
export const stillDueOf = (
  payment: Payment,
  { refunds, missing }: Standing,
  schedule: Schedule,
): readonly Due[] => [
  ...ofPayment(payment, missing, schedule),
  ...refunds.flatMap((refund) => ofRefund(refund, schedule)),
];

const ofPayment = (
  payment: Payment,
  missing: readonly string[],
  { holdMs, inquiriesAfterMs }: Schedule,
): readonly Due[] => {
  const { status, createdAt, dueAt, cancelRequestedAt, inquiries = 0 } = payment;
  const due = (detail: string): readonly Due[] => [{ ...(dueAt && { at: dueAt }), detail }];
  switch (status) {
    case 'RESERVED':
      if (cancelRequestedAt !== undefined) return due('it is given up, for its buyer cancelled it');

      return [
        ...due('a charger claims it; if none has, it is told of again'),
        {
          at: new Date(Date.parse(createdAt) + holdMs).toISOString(),
          detail: 'if it cannot be charged until then, all that it holds is given back',
        },
      ];
    case 'CHARGING':
      return due('the PG answers its charger; without an answer it is UNKNOWN, and inquired about');
    case 'UNKNOWN':
      return due(
        `inquiry ${inquiries + 1} of ${inquiriesAfterMs.length}; after the last one a person decides`,
      );
    case 'IN_REVIEW':
      return [{ detail: 'a person decides' }];
    case 'FAILED':
      return due(
        missing.length === 0
          ? 'its compensation ends'
          : `to be given back: ${missing.join(', ')}; if it is not, the compensation starts anew`,
      );
    case 'COMPENSATED':
      return dueAt === undefined ? [] : due('the PG is asked again whether it charged after all');
    case 'LATE_CAPTURED':
      return due('the PG pays it back');
    case 'COMPLETED':
      return owesCancel(payment)
        ? due('what is left of it is refunded, for its buyer cancelled it')
        : [];
    case 'REVERSED':
      return [];
  }
};

const ofRefund = (
  { refundId, status, dueAt, tries }: Refund,
  { inquiriesAfterMs }: Schedule,
): readonly Due[] => {
  if (status === 'UNDER_REVIEW') return [{ detail: `${refundId}: a person decides` }];
  if (status !== 'REQUESTED') return [];
  const most = inquiriesAfterMs.length + 1;

  return [
    {
      ...(dueAt && { at: dueAt }),
      detail: `${refundId}: the PG pays it back; try ${tries + 1} of ${most}, after the last one a person decides`,
    },
  ];
};

/** What besides is still due of those who run the service, and of what they run. */
export const innerDueOf = (
  { status }: Pick<Payment, 'status'>,
  { unheard, reviews }: { unheard: readonly Hearing[]; reviews: readonly Review[] },
): readonly Due[] => {
  const open = reviews.filter((review) => review.status === 'OPEN');
  const isListed = open.some(({ kind }) => kind === 'payment');

  return [
    ...open.map(({ reviewId, code }) => ({ detail: `${reviewId} is open: ${code}` })),
    ...(status === 'IN_REVIEW' && !isListed
      ? [{ detail: 'open-review has not listed it yet: in its queue, or a dead letter' }]
      : []),
    ...unheard.map(({ listener, event: { name, eventId } }) => ({
      detail: `${listener} has not handled ${name} ${eventId} yet: in its queue, or a dead letter`,
    })),
  ];
};
