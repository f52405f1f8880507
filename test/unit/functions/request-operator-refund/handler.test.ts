import { describe, expect, it } from 'vitest';
import { requestOperatorRefund } from '../../../../functions/request-operator-refund/handler.ts';
import { operatorRefundSchema } from '../../../../functions/request-operator-refund/request.ts';
import { createRequestRefund } from '../../../../shared/application/refunds/request-refund.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import {
  buildOperatorTimeline,
  buildTimeline,
} from '../../../../shared/domain/timeline/timeline.ts';
import { idempotentRoute } from '../../../../shared/http/idempotent-route.ts';
import { operatorOf } from '../../../../shared/http/request.ts';
import { toRequestedRefundResponse } from '../../../../shared/http/requested-refund.ts';
import { createAuditLog } from '../../../../shared/persistence/audit-log.ts';
import { anAuditEntry, olivia } from '../../../support/builders/audit-entry.ts';
import { aPaidOrder, later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import {
  createMemoryIdempotencyTable,
  recordStates,
} from '../../../support/fakes/memory-idempotency-table.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const reason = 'It was dented, ticket 4711.';
const body = { amount: 1_000, reason };

interface Options {
  readonly operator?: string;
  readonly scope?: string;
  readonly key?: string;
  readonly paymentId?: string;
}

/** The route over a payment of Alice, completed a year ago. */
const createHarness = () => {
  const tables = new MemoryDynamo({
    Orders: ['orderId'],
    Payments: ['paymentId'],
    Refunds: ['refundId'],
    Audits: ['day', 'entry'],
  });
  const paid = aPaidOrder({ userId: 'alice' });
  tables.put('Orders', paid.order);
  tables.put('Payments', paid.payment);
  const answers = createMemoryIdempotencyTable();
  const stores = createMemoryRepositories(tables.client);
  const clock = { now: () => later(365 * 86_400) };
  const handler = idempotentRoute(
    {
      name: 'request-operator-refund',
      schema: operatorRefundSchema,
      parameter: 'paymentId',
      authorize: (event) => ({ operator: operatorOf(event) }),
      ...answers.store,
    },
    requestOperatorRefund({
      ...stores,
      audits: createAuditLog(tables.client, 'Audits'),
      request: createRequestRefund(stores),
      clock,
    }),
    toRequestedRefundResponse,
  );
  const own = paid.payment.paymentId;

  return {
    paid,
    answers,
    refunds: () => tables.items<Refund>('Refunds'),
    payment: () => tables.items<Payment>('Payments')[0] as Payment,
    audits: () => tables.items('Audits'),
    post: (
      sent: unknown,
      {
        operator = 'olivia',
        scope = 'aftercommit/support',
        key = 'k-1',
        paymentId = own,
      }: Options = {},
    ) =>
      call(handler, {
        method: 'POST',
        path: `/operator/payments/${paymentId}/refunds`,
        buyer: operator,
        scope,
        key,
        body: sent,
      }),
  };
};

describe('request operator refund', () => {
  it("refunds a payment for its buyer long after the buyer's own time", async () => {
    const { post, paid, refunds, payment } = createHarness();

    const answer = await post(body);

    const { refundId } = answer.body;
    expect(answer).toMatchObject({
      status: 202,
      body: { status: 'REQUESTED', amount: 1_000, paymentId: paid.payment.paymentId },
    });
    expect(refunds()).toMatchObject([
      { refundId, userId: 'alice', reason, requestedBy: olivia, status: 'REQUESTED' },
    ]);
    expect(payment()).toMatchObject({ refundPending: 1_000 });
  });

  it('refunds the balance first if the operator says so', async () => {
    const { post, refunds, payment } = createHarness();

    const answer = await post({ amount: 2_500, balanceFirst: true, reason });

    expect(answer).toMatchObject({
      status: 202,
      body: { amount: 2_500, balanceAmount: 2_000, gatewayAmount: 500 },
    });
    expect(refunds()).toMatchObject([{ amount: 2_500, gatewayAmount: 500 }]);
    expect(payment()).toMatchObject({ refundPending: 2_500, gatewayRefundPending: 500 });
  });

  it('records person, scope, reason and amounts with the refund', async () => {
    const { post, paid, audits } = createHarness();

    const { refundId } = (await post(body)).body;

    const at = later(365 * 86_400).toISOString();
    const { paymentId, orderId } = paid.payment;
    expect(audits()).toEqual([
      anAuditEntry(at, {
        action: 'refund',
        subject: refundId,
        reason,
        detail: {
          ...{ paymentId, orderId, userId: 'alice', currency: 'KRW', lines: [] },
          ...{ amount: 1_000, gatewayAmount: 1_000 },
          ...{ refunded: 0, refundPending: 1_000 },
        },
      }),
    ]);
  });

  it('shows the person to operators, not to the buyer', async () => {
    const { post, refunds, payment } = createHarness();
    await post(body);
    const records = { refunds: refunds() };

    const seen = buildOperatorTimeline(payment(), {
      ...records,
      reviews: [],
      effects: [],
      derivedEvents: [],
    });

    expect(seen).toContainEqual(
      expect.objectContaining({
        kind: 'operator',
        detail: `${records.refunds[0]?.refundId} requested for the buyer by olivia@operators.example (olivia): ${reason}`,
      }),
    );
    expect(JSON.stringify(buildTimeline(payment(), records))).not.toContain('olivia');
  });

  it.each(recordStates)(
    'makes one refund and one audit entry for one key %s',
    async (_when, reach) => {
      const harness = createHarness();
      const first = await harness.post(body);
      reach(harness);

      const second = await harness.post(body);

      expect(second).toEqual({
        ...first,
        headers: { ...first.headers, 'idempotency-replayed': 'true' },
      });
      expect([harness.refunds().length, harness.audits().length]).toEqual([1, 1]);
    },
  );

  it('makes another refund for the same key of another operator', async () => {
    const { post, refunds } = createHarness();

    await post(body);
    await post(body, { operator: 'omar' });
    await post(body, { operator: 'alice' });

    expect(new Set(refunds().map(({ refundId }) => refundId)).size).toBe(3);
  });

  it.each([
    ['more than was paid', { ...body, amount: 1_000_000 }, {}, 409, 'refund-exceeds-captured'],
    ['a payment that does not exist', body, { paymentId: 'pay_none' }, 404, 'payment-not-found'],
    ['a reason of nine characters', { ...body, reason: ' too short ' }, {}, 400, 'invalid-request'],
    ['the scope of reviews only', body, { scope: 'aftercommit/review' }, 403, 'forbidden'],
    ['no scope', {}, { scope: '', key: '' }, 403, 'forbidden'],
  ])('rejects %s and records nothing', async (_what, sent, options, status, code) => {
    const { post, refunds, audits } = createHarness();

    expect(await post(sent, options)).toMatchObject({ status, body: { code } });
    expect([refunds(), audits()]).toEqual([[], []]);
  });
});
