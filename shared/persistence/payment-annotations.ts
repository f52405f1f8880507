import { isDeepStrictEqual } from 'node:util';
import { dueShardOf } from '../domain/due-index.ts';
import { appendEvidence } from '../domain/payments/evidence.ts';
import { hintRetainingStatuses } from '../domain/payments/inquiry-hint.ts';
import type { Evidence, OperatorCancellation, Payment } from '../domain/payments/payment.ts';
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

/** The attributes that request a comparison with the gateway are unchanged. */
export const hintUnchanged = ({ hintedAt, lastInquiredAt }: Payment) => [
  stillEquals('hintedAt', hintedAt),
  stillEquals('lastInquiredAt', lastInquiredAt),
];

interface CancelRequest {
  /** ISO 8601. */
  readonly at: string;
  /** The buyer's own reason, if given. */
  readonly reason?: string | undefined;
  /** Present if an operator cancels. */
  readonly operatorCancellation?: OperatorCancellation | undefined;
}

/**
 * Writes attributes of a payment that are not part of its history. They are not transitions and keep the
 * version, so that they do not conflict with the write of an outcome. Lists among them are bounded.
 */
export const createPaymentAnnotations = (
  table: string,
  { find, conditionalUpdate }: Pick<PaymentItems, 'find' | 'conditionalUpdate'>,
) => {
  /** The write of `recordCancelRequest`, for a transaction. */
  const cancelRequestWrite = (
    { paymentId, status }: Payment,
    { at: cancelRequestedAt, reason, operatorCancellation }: CancelRequest,
  ) =>
    update({
      table,
      key: { paymentId },
      set: {
        cancelRequestedAt,
        ...(reason !== undefined && { cancelReason: reason }),
        ...(operatorCancellation && { operatorCancellation }),
      },
      conditions: [equals('status', status), notExists('cancelRequestedAt')],
    });

  return {
    cancelRequestWrite,

    /**
     * Records that cancellation was requested; the event of the outcome includes it. Returns false if the
     * payment has another status or such a request already.
     */
    recordCancelRequest: (payment: Payment, request: CancelRequest): Promise<boolean> =>
      conditionalUpdate(
        cancelRequestWrite(payment, request),
        ({ stored, mayBeOwn }) => mayBeOwn && stored?.cancelRequestedAt === request.at,
      ),

    /**
     * Appends an observation to the payment's evidence, in any status. With `lastInquiredAt`, also records when
     * the gateway answered an inquiry. Returns false if the payment does not exist or every attempt has a
     * version conflict.
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
            conditions: [
              exists('paymentId'),
              stillEquals('evidenceVersion', stored.evidenceVersion),
            ],
          }),
          (failure) => failure.mayBeOwn && isDeepStrictEqual(failure.stored?.evidence, evidence),
        );

        return isRecorded || isLast ? isRecorded : conflict;
      };

      return retryOnConflict(`Evidence of payment ${paymentId}`, tryRecord, { maxAttempts: 5 });
    },

    /**
     * Records that a final payment was compared with the gateway, and when it is compared next. Returns false
     * if the payment has changed, has a new hint, or was compared concurrently.
     */
    recordComparison: (payment: Payment, at: string, isConclusive: boolean): Promise<boolean> => {
      const { lastInquiredAt, hintedAt, dueAt, dueShard } = withComparison(
        payment,
        at,
        isConclusive,
      );
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
            ...hintUnchanged(payment),
          ],
        }),
        ({ stored, mayBeOwn }) =>
          mayBeOwn &&
          stored?.version === payment.version &&
          stored.lastInquiredAt === lastInquiredAt,
      );
    },

    /**
     * Rate limit: reserves the next immediate inquiry about a payment. Returns false if the payment has
     * changed, or if the last immediate inquiry began after `notSince`.
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
     * Records the hint that the gateway has news about a payment in progress: the function at work sends an
     * inquiry when it ends. A payment that is compensated or waits for its buyer becomes due immediately. Returns
     * false if an inquiry about this payment cannot change anything.
     */
    async recordHint(
      { paymentId }: Pick<Payment, 'paymentId'>,
      hintedAt: string,
    ): Promise<boolean> {
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
            conditions: [isIn('status', ['COMPENSATED', 'REQUIRES_ACTION'])],
          }),
        )
      );
    },

    /**
     * Changes or removes the due time of a payment whose status stays the same, and the next late capture check
     * with it. Returns false if the payment has changed or has a new hint.
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
  };
};
