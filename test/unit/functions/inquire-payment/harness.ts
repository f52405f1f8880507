import type { Context } from 'aws-lambda';
import { inquirePayment } from '../../../../functions/inquire-payment/handler.ts';
import { keyOf, nextStep } from '../../../../functions/inquire-payment/inquire-once.ts';
import type { Settled } from '../../../../shared/application/payments/capture-payment.ts';
import {
  evidenceKeeper,
  outcomeRecorder,
} from '../../../../shared/application/payments/record-charge-outcome.ts';
import type { Compared } from '../../../../shared/application/reviews/difference-reviews.ts';
import { askNow } from '../../../../shared/domain/payments/inquiry-request.ts';
import type { Payment, Wish } from '../../../../shared/domain/payments/payment.ts';
import { advance } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type {
  CancelOutcome,
  InquiryOutcome,
  RefundInquiryOutcome,
  RefundOutcome,
} from '../../../../shared/gateway/payment-gateway.ts';
import { paymentsIn } from '../../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

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

/** A payment that was claimed at noon and is unknown a second later. */
export const unknown = (given: Parameters<typeof aPayment>[0] = {}): Payment => {
  const claimed = advance(aPayment(given), 'claimed', {
    at: noon,
    by: 'test',
    change: { attempt: 1 },
  });

  return advance(claimed, 'outcomeUnknown', { at: later(1_000), by: 'test' });
};

const told = { id: 'pay_1-3', time: later(1_000).toISOString() };

interface Script {
  readonly inquiries?: readonly InquiryOutcome[];
  readonly cancel?: CancelOutcome;
  readonly refunds?: readonly RefundOutcome[];
  /** What the PG says when it is asked about a refund. */
  readonly refund?: RefundInquiryOutcome;
}

/** A store of one payment that honours versions, a PG with a script that ends with "not found", and the inquirer between them. */
export const anInquirer = (
  stored: Payment,
  { inquiries = [], cancel = cancelled, refunds = [], refund = notFound }: Script = {},
) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  tables.put('Payments', stored);
  const payments = paymentsIn(tables.client, 'Payments');
  const asked: string[] = [];
  const refundRequests: { readonly key: string; readonly amount: number }[] = [];
  const world = {
    get stored() {
      return tables.items<Payment>('Payments')[0] as Payment;
    },
    set stored(payment: Payment) {
      tables.put('Payments', payment);
    },
    /** What was noted beside its journal. */
    get noted() {
      return this.stored.evidence ?? [];
    },
    asked,
    refundRequests,
    get refundKeys() {
      return refundRequests.map(({ key }) => key);
    },
    /** The states in which it was compared with the gateway. */
    compared: [] as Payment['status'][],
    compares: async (): Promise<Compared> => 'agrees',
    now: later(inFlightWindowMs),
    settles: 'settled' as Settled,
    whileAsking: () => {},
  };
  const clock = { now: () => world.now };
  const by = 'inquire-payment';
  const record = outcomeRecorder({
    payments,
    settle: async (before, next) =>
      world.settles === 'settled' && !(await payments.moved(before, next))
        ? 'superseded'
        : world.settles,
    clock,
    by,
  });
  const ask = nextStep({
    gateway: {
      inquire: async () => {
        const outcome = inquiries[asked.filter((call) => call === 'inquire').length] ?? notFound;
        asked.push('inquire');
        world.whileAsking();

        return outcome;
      },
      cancel: async () => {
        asked.push('cancel');

        return cancel;
      },
      refund: async ({ key, amount }) => {
        const outcome = refunds[refundRequests.length] ?? refunded;
        refundRequests.push({ key, amount });

        return outcome;
      },
      inquireRefund: async () => refund,
    },
    record,
    note: evidenceKeeper({ payments, clock, by }),
    payments,
    clock,
    timings: timings.local,
  });
  const made = new Map<string, Awaited<ReturnType<typeof ask>>>();
  const inquire = inquirePayment({
    payments,
    step: async (wish) => {
      const known = made.get(keyOf(wish));
      const value = known ?? (await ask(wish));
      made.set(keyOf(wish), value);

      return { value, replayed: known !== undefined };
    },
    compare: async (payment) => {
      world.compared.push(payment.status);

      return world.compares();
    },
    clock,
    timings: timings.local,
  });

  return {
    world,
    made,
    inquire: () => inquire({ ...told, subject: stored.paymentId }, {} as Context),
    /** The message of somebody who wants the PG asked at once, since a time. */
    askSince: (at: Date, name = '1', by: Wish['by'] = 'operator') =>
      inquire(askNow(stored, { by, at: at.toISOString(), name }), {} as Context),
  };
};

/** A payment without what is noted beside its journal. */
export const journalOf = ({ status, version, history, dueAt, lateCheck }: Payment) => ({
  status,
  version,
  history,
  dueAt,
  lateCheck,
});
