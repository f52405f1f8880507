import { inquirePayment } from '../../../../functions/inquire-payment/handler.ts';
import {
  findInquiry,
  inquireOnce,
  inquiryKeyOf,
} from '../../../../functions/inquire-payment/inquire-once.ts';
import type { CaptureResult } from '../../../../shared/application/payments/capture-payment.ts';
import { decideTransition } from '../../../../shared/application/payments/decide-transition.ts';
import {
  createRecordChargeOutcome,
  createRecordEvidence,
} from '../../../../shared/application/payments/record-charge-outcome.ts';
import type { DifferenceOutcome } from '../../../../shared/application/reviews/difference-reviews.ts';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import { buildInquiryRequest } from '../../../../shared/domain/payments/inquiry-request.ts';
import type { InquiryTrigger, Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type {
  CancelOutcome,
  InquiryOutcome,
  RefundInquiryOutcome,
  RefundOutcome,
} from '../../../../shared/gateway/payment-gateway.ts';
import { idempotentByMarker } from '../../../../shared/lambda/marker-idempotency.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { aLambdaContext } from '../../../support/harness/invoke-handler.ts';

export const later = (ms: number) => new Date(noon.getTime() + ms);
const { inFlightWindowMs } = timings.local;
export const notFound = { outcome: 'not-found' } as const;
export const inProgress = { outcome: 'in-progress' } as const;
export const refunded = {
  outcome: 'refunded',
  refundId: 'rf',
  refundedAt: noon.toISOString(),
} as const;
const cancelled = { outcome: 'cancelled' } as const;
export const approved = {
  outcome: 'approved',
  transactionId: 'tx',
  approvedAt: noon.toISOString(),
} as const;

/** A payment that was claimed at noon and became UNKNOWN a second later. */
export const anUnknownPayment = (given: Parameters<typeof aPayment>[0] = {}): Payment => {
  const claimed = transitionPayment(aPayment(given), 'claimed', {
    at: noon,
    by: 'test',
    change: { attempt: 1 },
  });

  return transitionPayment(claimed, 'outcomeUnknown', { at: later(1_000), by: 'test' });
};

export const requiresAction = {
  outcome: 'requires-action',
  url: 'https://bank.example/challenge/7f3c',
  transactionId: 'tx',
} as const;

/** When the wait of `aWaitingPayment` ends: the limit of the service. */
export const waitEndsAt = later(timings.local.actionExpiryMs);

/** A payment that was claimed at noon and waits for its buyer since a second later. */
export const aWaitingPayment = (given: Parameters<typeof aPayment>[0] = {}): Payment => {
  const claimed = { ...claimedPayment(), ...given };
  const { transition, detail, change } = decideTransition(
    requiresAction,
    claimed,
    noon,
    timings.local,
  );

  return transitionPayment(claimed, transition, {
    at: later(1_000),
    by: 'charge-payment',
    detail,
    ...(change && { change }),
  });
};

const scheduledMessage = { id: 'pay_1-3', time: later(1_000).toISOString() };

interface GatewayScript {
  readonly inquiries?: readonly InquiryOutcome[];
  readonly cancel?: CancelOutcome;
  readonly refunds?: readonly RefundOutcome[];
  /** The gateway's answer to an inquiry about a refund. */
  readonly refund?: RefundInquiryOutcome;
}

/**
 * One payment with optimistic locking, a gateway with a script that ends with "not found", and the inquirer.
 */
export const createInquiryHarness = (
  stored: Payment,
  { inquiries = [], cancel = cancelled, refunds = [], refund = notFound }: GatewayScript = {},
) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  tables.put('Payments', stored);
  const payments = createPaymentRepository(tables.client, 'Payments');
  const gatewayCalls: string[] = [];
  const references: string[] = [];
  const refundRequests: { readonly key: string; readonly amount: number }[] = [];
  const world = {
    get stored() {
      return tables.items<Payment>('Payments')[0] as Payment;
    },
    set stored(payment: Payment) {
      tables.put('Payments', payment);
    },
    /** The evidence stored outside its history. */
    get evidence() {
      return this.stored.evidence ?? [];
    },
    calls: gatewayCalls,
    /** The references of all calls but inquiries about refunds, in order. */
    references,
    refundRequests,
    get refundKeys() {
      return refundRequests.map(({ key }) => key);
    },
    /** The statuses in which it was compared with the gateway. */
    compared: [] as Payment['status'][],
    compareResult: async (): Promise<DifferenceOutcome> => 'consistent',
    now: later(inFlightWindowMs),
    captureResult: 'written' as CaptureResult,
    duringInquiry: () => {},
    beforeHint: () => {},
  };
  const clock = { now: () => world.now };
  const by = 'inquire-payment';
  const record = createRecordChargeOutcome({
    payments,
    capturePayment: async (before, next) =>
      world.captureResult === 'written' && !(await payments.tryUpdate(before, next))
        ? 'version-conflict'
        : world.captureResult,
    clock,
    by,
  });
  const runInquiry = inquireOnce({
    gateway: {
      inquire: async ({ reference }) => {
        references.push(reference);
        const outcome =
          inquiries[gatewayCalls.filter((call) => call === 'inquire').length] ?? notFound;
        gatewayCalls.push('inquire');
        world.duringInquiry();

        return outcome;
      },
      cancel: async ({ reference }) => {
        references.push(reference);
        gatewayCalls.push('cancel');

        return cancel;
      },
      refund: async ({ key, amount, reference }) => {
        references.push(reference);
        const outcome = refunds[refundRequests.length] ?? refunded;
        refundRequests.push({ key, amount });

        return outcome;
      },
      inquireRefund: async () => refund,
    },
    record,
    recordEvidence: createRecordEvidence({ payments, clock, by }),
    payments,
    clock,
    timings: timings.local,
  });
  const step = idempotentByMarker(
    {
      name: by,
      keyOf: inquiryKeyOf,
      hasFailedCondition: ({ isLost = false }) => isLost,
      findResult: findInquiry({ payments }),
    },
    runInquiry,
  );
  const inquire = inquirePayment({
    payments: {
      ...payments,
      async recordHint(...hint) {
        world.beforeHint();

        return payments.recordHint(...hint);
      },
    },
    step,
    compare: async (payment) => {
      world.compared.push(payment.status);

      return world.compareResult();
    },
    clock,
    timings: timings.local,
  });

  return {
    world,
    step: (payment: Payment) => step({ payment }, aLambdaContext()),
    inquire: () => inquire({ ...scheduledMessage, subject: stored.paymentId }, aLambdaContext()),
    /** Delivers an inquiry request made at a given time. */
    requestInquiry: (at: Date, name = '1', by: InquiryTrigger['source'] = 'operator') =>
      inquire(
        buildInquiryRequest(stored, { source: by, requestedAt: at.toISOString(), triggerId: name }),
        aLambdaContext(),
      ),
  };
};

/** The parts of a payment that an observation must not change. */
export const historyOf = ({ status, version, history, dueAt, lateCaptureCheck }: Payment) => ({
  status,
  version,
  history,
  dueAt,
  lateCaptureCheck,
});

export const now = later(inFlightWindowMs);

export const ambiguous = { outcome: 'ambiguous', reason: 'timeout' } as const;

export const mismatch = {
  outcome: 'mismatch',
  transactionId: 'tx',
  differences: ['amount'],
} as const;

export const claimedPayment = () =>
  transitionPayment(aPayment(), 'claimed', { at: noon, by: 'test', change: { attempt: 1 } });

export const declinedPayment = () =>
  transitionPayment(claimedPayment(), 'declined', {
    at: later(1_000),
    by: 'test',
    change: { failure: { code: 'insufficient_funds', reason: 'no funds' } },
  });

export const compensatedPayment = () => finishCompensation(declinedPayment(), [], later(2_000));

/** Under review since noon, with this failure code. */
export const reviewedPayment = (code: string, before: Payment = anUnknownPayment()): Payment =>
  transitionPayment(before, 'reviewOpened', {
    at: later(3_000),
    by: 'test',
    change: { failure: { code, reason: 'unknown' } },
  });
