import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { stages } from '../../cdk/stages.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { db, stack } from '../support/stack/aws-clients.ts';
import { anUnknownPayment, forceDecline } from '../support/stack/forced-states.ts';
import { aBuyer, anOrder, aProduct } from '../support/stack/stack-fixtures.ts';
import { sendWebhook } from '../support/stack/webhooks.ts';

const prefer = 'wait=20';

const anOrderOf = async (quantity = 1) => {
  const buyer = await aBuyer({ available: 1_000_000 });
  const sku = await aProduct({ available: 10, price: 1_000 });

  return anOrder({ buyer, lines: [{ sku, quantity }] });
};

interface WaitResult {
  readonly paymentId: string;
  readonly wait: string | undefined;
  readonly retryAfter: string | undefined;
}

/** The wait slots of get-payment that requests hold now. */
const heldSlots = async (): Promise<number> => {
  const slots = Array.from(
    { length: stages.local.concurrency['get-payment'] / 2 },
    (_, slot) => `get-payment#wait-slot#${slot}`,
  );
  const items = await Promise.all(
    slots.map(async (id) => {
      const TableName = stack.tables.idempotency;

      return (await db.send(new GetCommand({ TableName, Key: { id } }))).Item;
    }),
  );

  return items.filter((item) => `${item?.heldUntil ?? ''}` > new Date().toISOString()).length;
};

describe('long polls', () => {
  it('return a refund when it ends', async () => {
    const accepted = await api.accepted(await anOrderOf());
    await api.settled(accepted);
    const requested = await api.refund(accepted, { amount: 300 });
    const path = `/refunds/${requested.body.refundId}`;

    const reply = await api.send({
      method: 'GET',
      path,
      buyer: accepted.buyer,
      headers: { prefer },
    });

    expect(reply).toMatchObject({
      status: 200,
      headers: { 'preference-applied': prefer },
      body: { status: 'SUCCEEDED' },
    });
  });

  it('return a completed payment when its refund changes it', async () => {
    const accepted = await api.accepted(await anOrderOf());
    await api.settled(accepted);
    const { headers } = await api.payment(accepted);
    await api.refund(accepted, { amount: 300 });

    const reply = await api.send({
      method: 'GET',
      path: `/payments/${accepted.paymentId}`,
      buyer: accepted.buyer,
      headers: { prefer, 'if-none-match': `${headers.etag}` },
    });

    expect(reply).toMatchObject({ status: 200 });
    expect(reply.headers.etag).not.toBe(headers.etag);
  });

  it('do not hold up payments and webhooks while fifty wait for unknown outcomes', async () => {
    // An inquiry within the wait could end it; one in an hour cannot.
    const soon = await anUnknownPayment(await anOrderOf(), new Date(), 10_000);
    const later = await anUnknownPayment(await anOrderOf());
    const orders = [await anOrderOf(), await anOrderOf(), await anOrderOf()];
    const ended: string[] = [];
    let unanswered = 50;
    const poll = async (payment: Payment): Promise<WaitResult> => {
      const { paymentId, userId: buyer } = payment;
      const path = `/payments/${paymentId}`;
      const reply = await api.send({ method: 'GET', path, buyer, headers: { prefer } });
      const { headers, body } = reply;
      const wait = headers['preference-applied'];
      // On a busy machine a wait may end before the payments do.
      if (wait !== 'wait=0' && body.status === 'CONFIRMING') return poll(payment);
      if (wait !== 'wait=0') ended.push('held poll');
      unanswered -= 1;

      return { paymentId, wait, retryAfter: headers['retry-after'] };
    };
    const polls = Promise.all(
      Array.from({ length: unanswered }, (_, index) => poll(index % 2 === 0 ? soon : later)),
    );
    await eventually(async () => expect(await heldSlots()).toBeGreaterThan(0));

    await Promise.all(
      orders.map(async (order) => {
        const accepted = await api.accepted(order);
        await api.settled(accepted);
        ended.push('payment');
        const webhook = await sendWebhook(api, 'charge.done', accepted.paymentId);
        expect(webhook).toMatchObject({ status: 200 });
        ended.push('webhook');
      }),
    );
    expect(ended.toSorted()).toEqual([...Array(3).fill('payment'), ...Array(3).fill('webhook')]);

    // Half of the reserved concurrency of get-payment may wait.
    const slots = stages.local.concurrency['get-payment'] / 2;
    await eventually(async () => expect(unanswered).toBeLessThanOrEqual(slots));
    await Promise.all([forceDecline(soon.paymentId), forceDecline(later.paymentId)]);
    const replies = await polls;
    const held = replies.filter(({ wait }) => wait !== 'wait=0');
    const others = replies.filter(({ wait }) => wait === 'wait=0');
    expect(held.length).toBeGreaterThan(0);
    expect(held.length).toBeLessThanOrEqual(slots);
    for (const one of held) expect(one).toMatchObject({ paymentId: soon.paymentId, wait: prefer });
    for (const { retryAfter } of others) expect(retryAfter).toMatch(/^[15]$/);
    expect(
      others.filter(
        ({ paymentId, retryAfter }) => paymentId === later.paymentId && retryAfter === '5',
      ),
    ).toHaveLength(25);
  });
});
