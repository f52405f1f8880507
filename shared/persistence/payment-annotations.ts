import { isDeepStrictEqual } from 'node:util';
import { dueShardOf } from '../domain/due-index.ts';
import { inFlight } from '../domain/payments/cancellation.ts';
import { withEvidence } from '../domain/payments/evidence.ts';
import { keepsHint } from '../domain/payments/inquiry-hint.ts';
import type { Evidence, Payment } from '../domain/payments/payment.ts';
import { withComparison } from '../domain/payments/payment-transitions.ts';
import {
  absent,
  absentOrAtMost,
  asRead,
  equals,
  exists,
  isOneOf,
  update,
} from './dynamodb/expressions.ts';
import type { journalIn } from './dynamodb/versioned-items.ts';

type Journal = ReturnType<typeof journalIn<Payment, 'paymentId'>>;

/** Each try but the last has lost to another write of evidence. */
const mostTries = 5;

/** Whether it is to be compared with the PG is as it was read. */
export const hintAsRead = ({ hintedAt, inquiredAt }: Payment) => [
  asRead('hintedAt', hintedAt),
  asRead('inquiredAt', inquiredAt),
];

/**
 * What is written of a payment beside its journal. None of it moves the payment or has a version, so whoever is about to write an outcome is
 * not disturbed; whatever of it grows is bounded.
 */
export const paymentNotesIn = (
  table: string,
  { find, updated }: Pick<Journal, 'find' | 'updated'>,
) => ({
  /**
   * Notes when the buyer asked to cancel it; false where it is not in flight any more, or that is noted. The outcome's event says so too.
   */
  noteCancel: (
    { paymentId }: Payment,
    { at: cancelRequestedAt, reason }: { at: string; reason?: string | undefined },
  ): Promise<boolean> =>
    updated(
      update({
        table,
        key: { paymentId },
        set: { cancelRequestedAt, ...(reason !== undefined && { cancelReason: reason }) },
        when: [isOneOf('status', inFlight), absent('cancelRequestedAt')],
      }),
      ({ stored, mayBeOwn }) => mayBeOwn && stored?.cancelRequestedAt === cancelRequestedAt,
    ),

  /**
   * Keeps what was seen with the payment, whatever has become of it; with a time, also that the PG was asked then and has answered. False
   * where there is no such payment, or others note too much at the same time.
   */
  async note({ paymentId }: Payment, seen: Evidence, inquiredAt?: string): Promise<boolean> {
    for (let tried = 1; tried <= mostTries; tried += 1) {
      const stored = await find(paymentId);
      if (stored === undefined) return false;
      const evidence = withEvidence(stored.evidence ?? [], seen);
      const isNoted = await updated(
        update({
          table,
          key: { paymentId },
          set: {
            evidence,
            evidenceVersion: (stored.evidenceVersion ?? 0) + 1,
            ...(inquiredAt !== undefined && { inquiredAt }),
          },
          when: [exists('paymentId'), asRead('evidenceVersion', stored.evidenceVersion)],
        }),
        (refused) => refused.mayBeOwn && isDeepStrictEqual(refused.stored?.evidence, evidence),
      );
      if (isNoted) return true;
    }

    return false;
  },

  /**
   * Notes that a payment that has ended was compared with the PG, and whether it is to be compared again; false where it has moved since it
   * was read, or was hinted at or compared by others.
   */
  compared: (payment: Payment, at: string, isConclusive: boolean): Promise<boolean> => {
    const { inquiredAt, hintedAt, dueAt, dueShard } = withComparison(payment, at, isConclusive);
    const isDue = dueAt !== undefined;

    return updated(
      update({
        table,
        key: { paymentId: payment.paymentId },
        set: { inquiredAt, ...(!isConclusive && { hintedAt }), ...(isDue && { dueAt, dueShard }) },
        remove: isDue ? [] : ['dueAt', 'dueShard'],
        when: [
          equals('version', payment.version),
          equals('status', payment.status),
          ...hintAsRead(payment),
        ],
      }),
      ({ stored, mayBeOwn }) =>
        mayBeOwn && stored?.version === payment.version && stored.inquiredAt === inquiredAt,
    );
  },

  /**
   * Takes the next inquiry out of turn about a payment as it was read; false where it has moved, or where the last one began after
   * `notSince`. So nobody can have the PG asked more often than that, however many ask.
   */
  reserveInquiry: (
    { paymentId, version, status }: Payment,
    extraInquiryAt: string,
    notSince: string,
  ): Promise<boolean> =>
    updated(
      update({
        table,
        key: { paymentId },
        set: { extraInquiryAt },
        when: [
          equals('version', version),
          equals('status', status),
          absentOrAtMost('extraInquiryAt', notSince),
        ],
      }),
      ({ stored, mayBeOwn }) => mayBeOwn && stored?.extraInquiryAt === extraInquiryAt,
    ),

  /**
   * Remembers that the PG has news of a payment that somebody is at work on: the PG is asked when they have ended. One that has been
   * compensated is due from now on. False where nothing can be learned any more.
   */
  async hint({ paymentId }: Pick<Payment, 'paymentId'>, hintedAt: string): Promise<boolean> {
    const key = { paymentId };
    const isKept = await updated(
      update({ table, key, set: { hintedAt }, when: [isOneOf('status', keepsHint)] }),
    );
    const due = { dueAt: hintedAt, dueShard: dueShardOf(paymentId) };

    return (
      isKept ||
      updated(
        update({
          table,
          key,
          set: { hintedAt, ...due },
          when: [equals('status', 'COMPENSATED')],
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
    { dueAt, lateCheck }: Pick<Payment, 'dueAt' | 'lateCheck'>,
  ): Promise<boolean> =>
    updated(
      update({
        table,
        key: { paymentId },
        set: {
          ...(dueAt !== undefined && { dueAt, dueShard: dueShardOf(paymentId) }),
          ...(lateCheck && { lateCheck }),
        },
        remove: dueAt === undefined ? ['dueAt', 'dueShard'] : [],
        when: [equals('version', version), equals('status', status), asRead('hintedAt', hintedAt)],
      }),
    ),
});
