import { describe, expect, it } from 'vitest';
import {
  cancelOperatorPayment,
  toCancelledPaymentResponse,
} from '../../../../functions/cancel-operator-payment/handler.ts';
import { cancelOperatorPaymentSchema } from '../../../../functions/cancel-operator-payment/request.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { decideRecovery } from '../../../../shared/domain/payments/recovery.ts';
import {
  buildOperatorTimeline,
  buildTimeline,
} from '../../../../shared/domain/timeline/timeline.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { idempotentRoute } from '../../../../shared/http/idempotent-route.ts';
import { operatorOf } from '../../../../shared/http/request.ts';
import { createAuditLog } from '../../../../shared/persistence/audit-log.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { anAuditEntry, olivia } from '../../../support/builders/audit-entry.ts';
import { noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import {
  createMemoryIdempotencyTable,
  recordStates,
} from '../../../support/fakes/memory-idempotency-table.ts';
import { call } from '../../../support/harness/invoke-handler.ts';
import { reserved } from '../cancel-payment/harness.ts';

const reason = 'The buyer asked by telephone, ticket 4711.';
const at = later(60).toISOString();
const charging = afterTransitions(reserved, 'claimed');

interface Options {
  readonly operator?: string;
  readonly scope?: string;
  readonly key?: string;
  readonly paymentId?: string;
  readonly body?: unknown;
}

/** The route as composed, over one payment of Alice. */
const createHarness = (stored: Payment, turn?: () => Promise<unknown>) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'], Audits: ['day', 'entry'] }, turn);
  tables.put('Payments', stored);
  const answers = createMemoryIdempotencyTable();
  const db = tables.client;
  const payments = createPaymentRepository(db, 'Payments');
  const audits = createAuditLog(db, 'Audits');
  const inquiries: string[] = [];
  const inquire = async ({ paymentId }: Payment) => inquiries.push(paymentId) > 0;
  const handler = idempotentRoute(
    {
      name: 'cancel-operator-payment',
      schema: cancelOperatorPaymentSchema,
      parameter: 'paymentId',
      authorize: (event) => ({ operator: operatorOf(event) }),
      ...answers.store,
    },
    cancelOperatorPayment({ db, payments, audits, inquire, clock: { now: () => later(60) } }),
    toCancelledPaymentResponse,
  );

  return {
    tables,
    inquiries,
    answers,
    stored: () => tables.items<Payment>('Payments')[0] as Payment,
    audits: () => tables.items('Audits'),
    cancel: ({
      operator = 'olivia',
      scope = 'aftercommit/support',
      key = 'k-1',
      paymentId = 'pay_1',
      body = { reason },
    }: Options = {}) =>
      call(handler, {
        method: 'POST',
        path: `/operator/payments/${paymentId}/cancel`,
        buyer: operator,
        ...{ scope, key, body },
      }),
  };
};

const aCancellation = (change: { readonly before: object; readonly after: object }) =>
  anAuditEntry(at, {
    action: 'cancel',
    subject: 'pay_1',
    reason,
    detail: {
      ...{ orderId: 'ord_1', userId: 'alice', amount: reserved.amount, currency: 'KRW' },
      ...change,
    },
  });

describe('cancel operator payment', () => {
  it('fails an unclaimed payment as cancelled by the merchant', async () => {
    const { cancel, stored, audits } = createHarness(reserved);

    expect(await cancel()).toMatchObject({
      status: 202,
      body: {
        status: 'FAILED',
        failure: { code: 'cancelled-by-merchant', reason: 'The merchant cancelled the payment.' },
      },
    });

    expect(stored()).toMatchObject({
      status: 'FAILED',
      version: 2,
      operatorCancellation: { ...olivia, at, reason },
      failure: { evidence: expect.stringContaining('nothing was sent') },
    });
    expect(audits()).toEqual([
      aCancellation({
        before: { status: 'RESERVED', version: 1 },
        after: { status: 'FAILED', version: 2 },
      }),
    ]);
  });

  it('requests an inquiry, which cancels the charge, while the gateway waits for the buyer', async () => {
    const { cancel, stored, inquiries } = createHarness(
      afterTransitions(charging, 'actionRequired'),
    );

    expect(await cancel()).toMatchObject({ status: 202, body: { stage: 'REQUIRES_ACTION' } });

    expect(stored()).toMatchObject({ cancelRequestedAt: at, operatorCancellation: olivia });
    expect(inquiries).toEqual(['pay_1']);
  });

  it('records the request for a payment in flight', async () => {
    const { cancel, stored, audits } = createHarness(charging);

    expect(await cancel()).toMatchObject({ status: 202, body: { stage: 'CHARGING' } });

    expect(stored()).toEqual({
      ...charging,
      cancelRequestedAt: at,
      operatorCancellation: { ...olivia, at, reason },
    });
    expect(audits()).toEqual([
      aCancellation({
        before: { status: 'CHARGING', version: 2 },
        after: { status: 'CHARGING', version: 2, cancelRequestedAt: at },
      }),
    ]);
  });

  it('names the merchant if the charge was not sent', async () => {
    const { cancel, stored } = createHarness(charging);
    await cancel();

    const notSent = afterTransitions(stored(), 'chargeNotSent');

    expect(decideRecovery(notSent, later(120), timings.local)).toMatchObject({
      after: { status: 'FAILED', failure: { code: 'cancelled-by-merchant' } },
    });
  });

  it('leaves the cancellation to the buyer who requested it first', async () => {
    const requested = { ...charging, cancelRequestedAt: noon.toISOString() };
    const { cancel, stored } = createHarness(afterTransitions(requested, 'chargeNotSent'));

    await cancel();

    expect(stored()).toMatchObject({ failure: { code: 'cancelled-by-buyer' } });
    expect(stored()).not.toHaveProperty('operatorCancellation');
  });

  it.each([
    ['that is not claimed', reserved],
    ['in flight', charging],
  ])('shows person and reason of a payment %s to operators only', async (_what, payment) => {
    const { cancel, stored } = createHarness(payment);

    const { body } = await cancel();

    const records = { reviews: [], effects: [], derivedEvents: [] };
    expect(buildOperatorTimeline(stored(), records)).toContainEqual(
      expect.objectContaining({
        kind: 'operator',
        detail: `pay_1 cancelled by olivia@operators.example (olivia): ${reason}`,
      }),
    );
    const seen = JSON.stringify([buildTimeline(stored()), body]);
    expect(seen).toMatch(/the merchant/i);
    expect(seen).not.toMatch(/olivia|telephone|the buyer/i);
  });

  it.each(recordStates)('cancels once for one key %s', async (_when, reach) => {
    const harness = createHarness(reserved);
    const first = await harness.cancel();
    reach(harness);

    const second = await harness.cancel();

    expect(second.body).toEqual(first.body);
    expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    expect([harness.stored().version, harness.audits().length]).toEqual([2, 1]);
  });

  it('cancels once for two operators at the same time', async () => {
    const { cancel, stored, audits } = createHarness(reserved, () => new Promise(setImmediate));

    const answers = await Promise.all(['olivia', 'omar'].map((operator) => cancel({ operator })));

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect([stored().version, audits().length]).toEqual([2, 1]);
  });

  it('changes nothing without its audit entry', async () => {
    const { cancel, stored, tables } = createHarness(reserved);
    tables.put('Audits', { day: at.slice(0, 10), entry: `${at}#pay_1` });

    expect(await cancel()).toMatchObject({ status: 503 });

    expect(stored()).toEqual(reserved);
  });

  it.each<[string, Payment, Options, number, string]>([
    [
      'a completed payment',
      afterTransitions(charging, 'captured'),
      {},
      409,
      'payment-not-cancellable',
    ],
    ['a payment that does not exist', reserved, { paymentId: 'pay_2' }, 404, 'payment-not-found'],
    ['no reason', reserved, { body: {} }, 400, 'invalid-request'],
    ['nine characters', reserved, { body: { reason: ' too short ' } }, 400, 'invalid-request'],
    ['no key', reserved, { key: '' }, 400, 'idempotency-key-missing'],
    ['the scope of reviews', reserved, { scope: 'aftercommit/review' }, 403, 'forbidden'],
    ['no scope', reserved, { scope: '', key: '' }, 403, 'forbidden'],
  ])('rejects %s and records nothing', async (_what, payment, options, status, code) => {
    const { cancel, stored, audits } = createHarness(payment);

    expect(await cancel(options)).toMatchObject({ status, body: { code } });

    expect([stored(), audits()]).toEqual([payment, []]);
  });
});
