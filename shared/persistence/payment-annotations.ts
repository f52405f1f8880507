import { isDeepStrictEqual } from 'node:util';
import { dueShardOf } from '../domain/due-index.ts';
import { inFlightStatuses } from '../domain/payments/cancellation.ts';
import { appendEvidence } from '../domain/payments/evidence.ts';
import { hintRetainingStatuses } from '../domain/payments/inquiry-hint.ts';
import type { Evidence, Payment } from '../domain/payments/payment.ts';
import { withComparison } from '../domain/payments/payment-transitions.ts';
import {
  equals,
  exists,
  isIn,
  notExists,
  notExistsOrLessOrEqual,
  stillEquals,
  update,
} from './dynamodb/expressions.ts';
import { conflict, retryOnConflict } from './dynamodb/retry-on-conflict.ts';
import { type createVersionedItems, dueAttributes } from './dynamodb/versioned-items.ts';

type PaymentItems = ReturnType<typeof createVersionedItems<Payment, 'paymentId'>>;

/** Whether it is to be compared with the PG is as it was read. */
export const unchangedHint = ({ hintedAt, lastInquiredAt }: Payment) => [
  stillEquals('hintedAt', hintedAt),
  stillEquals('lastInquiredAt', lastInquiredAt),
];

/**
 * What is written of a payment beside its journal. None of it moves the payment or has a version, so whoever is about to write an outcome is
 * not disturbed; whatever of it grows is bounded.
 */
export const createPaymentAnnotations = (
  table: string,
  { find, conditionalUpdate }: Pick<PaymentItems, 'find' | 'conditionalUpdate'>,
) => ({
  /**
   * Notes when the buyer asked to cancel it; false where it is not in flight any more, or that is noted. The outcome's event says so too.
   */
  recordCancelRequest: (
    { paymentId }: Payment,
    { at: cancelRequestedAt, reason }: { at: string; reason?: string | undefined },
  ): Promise<boolean> =>
    conditionalUpdate(
      update({
        table,
        key: { paymentId },
        set: { cancelRequestedAt, ...(reason !== undefined && { cancelReason: reason }) },
        conditions: [isIn('status', inFlightStatuses), notExists('cancelRequestedAt')],
      }),
      ({ stored, mayBeOwn }) => mayBeOwn && stored?.cancelRequestedAt === cancelRequestedAt,
    ),

  /**
   * Keeps what was seen with the payment, whatever has become of it; with a time, also that the PG was asked then and has answered. False
   * where there is no such payment, or others note too much at the same time.
   */
  recordEvidence(
    { paymentId }: Payment,
    observation: Evidence,
    lastInquiredAt?: string,
  ): Promise<boolean> {
    const tryRecord = async (isLast: boolean) => {
      const stored = await find(paymentId);
      if (stored === undefined) return false;
      const evidence = appendEvidence(stored.evidence ?? [], observation);
      const isRecorded = await conditionalUpdate(
        update({
          table,
          key: { paymentId },
          set: {
            evidence,
            evidenceVersion: (stored.evidenceVersion ?? 0) + 1,
            ...(lastInquiredAt !== undefined && { lastInquiredAt }),
          },
          conditions: [exists('paymentId'), stillEquals('evidenceVersion', stored.evidenceVersion)],
        }),
        (failure) => failure.mayBeOwn && isDeepStrictEqual(failure.stored?.evidence, evidence),
      );

      return isRecorded || isLast ? isRecorded : conflict;
    };

    return retryOnConflict(`Evidence of payment ${paymentId}`, tryRecord, { maxAttempts: 5 });
  },

  /**
   * Notes that a payment that has ended was compared with the PG, and whether it is to be compared again; false where it has moved since it
   * was read, or was hinted at or compared by others.
   */
  recordComparison: (payment: Payment, at: string, isConclusive: boolean): Promise<boolean> => {
    const { lastInquiredAt, hintedAt, dueAt, dueShard } = withComparison(payment, at, isConclusive);
    const isDue = dueAt !== undefined;

    return conditionalUpdate(
      update({
        table,
        key: { paymentId: payment.paymentId },
        set: {
          lastInquiredAt,
          ...(!isConclusive && { hintedAt }),
          ...(isDue && { dueAt, dueShard }),
        },
        remove: isDue ? [] : dueAttributes,
        conditions: [
          equals('version', payment.version),
          equals('status', payment.status),
          ...unchangedHint(payment),
        ],
      }),
      ({ stored, mayBeOwn }) =>
        mayBeOwn && stored?.version === payment.version && stored.lastInquiredAt === lastInquiredAt,
    );
  },

  /**
   * Takes the next inquiry out of turn about a payment as it was read; false where it has moved, or where the last one began after
   * `notSince`. So nobody can have the PG asked more often than that, however many ask.
   */
  reserveInquiry: (
    { paymentId, version, status }: Payment,
    lastImmediateInquiryAt: string,
    notSince: string,
  ): Promise<boolean> =>
    conditionalUpdate(
      update({
        table,
        key: { paymentId },
        set: { lastImmediateInquiryAt },
        conditions: [
          equals('version', version),
          equals('status', status),
          notExistsOrLessOrEqual('lastImmediateInquiryAt', notSince),
        ],
      }),
      ({ stored, mayBeOwn }) =>
        mayBeOwn && stored?.lastImmediateInquiryAt === lastImmediateInquiryAt,
    ),

  /**
   * Remembers that the PG has news of a payment that somebody is at work on: the PG is asked when they have ended. One that has been
   * compensated is due from now on. False where nothing can be learned any more.
   */
  async recordHint({ paymentId }: Pick<Payment, 'paymentId'>, hintedAt: string): Promise<boolean> {
    const key = { paymentId };
    const isRecorded = await conditionalUpdate(
      update({
        table,
        key,
        set: { hintedAt },
        conditions: [isIn('status', hintRetainingStatuses)],
      }),
    );
    const due = { dueAt: hintedAt, dueShard: dueShardOf(paymentId) };

    return (
      isRecorded ||
      conditionalUpdate(
        update({
          table,
          key,
          set: { hintedAt, ...due },
          conditions: [equals('status', 'COMPENSATED')],
        }),
      )
    );
  },

  /**
   * Lets a payment that stays as it is be due at another time, or not any more; false where it has moved or got another hint. A late check
   * without an answer is put off with it.
   */
  reschedule: (
    { paymentId, version, status, hintedAt }: Payment,
    { dueAt, lateCaptureCheck }: Pick<Payment, 'dueAt' | 'lateCaptureCheck'>,
  ): Promise<boolean> =>
    conditionalUpdate(
      update({
        table,
        key: { paymentId },
        set: {
          ...(dueAt !== undefined && { dueAt, dueShard: dueShardOf(paymentId) }),
          ...(lateCaptureCheck && { lateCaptureCheck }),
        },
        remove: dueAt === undefined ? dueAttributes : [],
        conditions: [
          equals('version', version),
          equals('status', status),
          stillEquals('hintedAt', hintedAt),
        ],
      }),
    ),
});
