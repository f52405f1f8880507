import { describe, expect, it } from 'vitest';
import { utcDayOf } from '../../shared/domain/day.ts';
import { toldAgain } from '../../shared/domain/payments/payment-events.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { stack } from '../support/stack/aws-clients.ts';
import { aClaimedPayment } from '../support/stack/forced-states.ts';
import { environmentOf } from '../support/stack/function-environment.ts';
import { messageOf } from '../support/stack/messages.ts';
import { depthOf, expectNothingOf, found, queueOf, send, taken } from '../support/stack/queues.ts';
import { query, storedPayment } from '../support/stack/repositories.ts';
import { anOrder, fresh } from '../support/stack/stack-fixtures.ts';

const charger = 'charge-payment';
const { deadLettersUrl } = queueOf(charger);

interface Letter {
  readonly class: string;
  readonly outcome: string;
}

/** What an operator is answered who asks for dead letters to be sent again or dropped. */
const decide = async (
  paymentId: string,
  action: 'send-again' | 'drop',
  dryRun = true,
  consumer = charger,
) => {
  const reason = `${fresh('reason')}`;
  const body = { consumer, action, paymentId, dryRun, most: 100, reason };
  const answer = await api.asOperator({
    method: 'POST',
    path: '/operator/dead-letters/redrive',
    body,
  });
  expect(answer.status).toBe(200);

  return { reason, letters: (answer.body as unknown as { items: Letter[] }).items };
};

/** What was kept of an order: today, or yesterday where midnight came in between. */
const auditsOf = async (reason: string) => {
  const days = new Set([0, 60_000].map((agoMs) => utcDayOf(new Date(Date.now() - agoMs))));
  const kept = [...days].map((day) => query({ TableName: stack.tables.audits }, { day }));

  return (await Promise.all(kept)).flat().filter(({ why }) => why === reason);
};

describe('dead letters of the charger', () => {
  it('are told apart by what their payment is now, and a dry run moves none', async () => {
    const claimed = await aClaimedPayment(await anOrder(), new Date(Date.now() + 60_000));
    const done = await api.accepted(await anOrder());
    await api.settled(done);
    const completed = await storedPayment(done.paymentId);
    for (const payment of [claimed, completed])
      await send(deadLettersUrl, messageOf(toldAgain(payment, 'PaymentReserved')));

    const told = {
      claimed: await decide(claimed.paymentId, 'send-again'),
      done: await decide(done.paymentId, 'drop'),
    };

    expect(told.claimed.letters).toMatchObject([{ class: 'inquire-first', outcome: 'left' }]);
    expect(told.done.letters).toMatchObject([
      { class: 'already-done', outcome: 'would be dropped' },
    ]);
    await found(deadLettersUrl, claimed.paymentId);
    await found(deadLettersUrl, done.paymentId);
    expect(await auditsOf(told.done.reason)).toEqual([]);
    // Whoever looks at a message has it out of sight for a moment.
    const dropped = await eventually(async () => {
      const decided = await decide(done.paymentId, 'drop', false);
      expect(decided.letters).toMatchObject([{ outcome: 'dropped' }]);

      return decided;
    });
    expect(await auditsOf(dropped.reason)).toMatchObject([
      { who: 'olivia', action: 'drop', detail: { consumer: charger, paymentId: done.paymentId } },
    ]);
    await taken(deadLettersUrl, claimed.paymentId);
  });

  it('that are safe to hear are sent again, once, and their effect does not happen twice', async () => {
    const listener = 'add-loyalty-points';
    const payment = await api.accepted(await anOrder());
    await api.settled(payment);
    const { buyer, paymentId } = payment;
    const points = async () =>
      (await api.send({ method: 'GET', path: '/me/points', buyer })).body.points;
    await eventually(async () => expect(await points()).toBeGreaterThan(0));
    const before = await points();
    const event = toldAgain(await storedPayment(paymentId), 'PaymentCompleted');
    await send(queueOf(listener).deadLettersUrl, messageOf(event));

    const { letters, reason } = await decide(paymentId, 'send-again', false, listener);

    expect(letters).toMatchObject([{ class: 'send-again', outcome: 'sent again' }]);
    expect(await auditsOf(reason)).toMatchObject([{ who: 'olivia', action: 'send-again' }]);
    await eventually(async () => expect(await depthOf(queueOf(listener).url)).toBe(0));
    expect((await decide(paymentId, 'send-again', true, listener)).letters).toEqual([]);
    expect(await points()).toBe(before);
  });

  it('that point into a stream are told again from the table', async () => {
    const payment = await api.accepted(await anOrder());
    await api.settled(payment);
    const { orderId, paymentId } = payment;
    const undeliverable = await environmentOf('relay-changes', 'UNDELIVERABLE_QUEUE_URL');
    await send(undeliverable, JSON.stringify({ keys: { orderId: { S: orderId } } }));

    const decided = await eventually(async () => {
      const { letters, reason } = await decide(
        paymentId,
        'send-again',
        false,
        'relay-undeliverable',
      );
      expect(letters).toMatchObject([{ class: 'send-again', outcome: 'sent again' }]);

      return reason;
    });

    expect(await auditsOf(decided)).toMatchObject([
      { detail: { why: expect.stringContaining('1 events') } },
    ]);
    await expectNothingOf(undeliverable, orderId);
  });

  it('that cannot be read are poison, and shown as such', async () => {
    const mark = fresh('poison');
    const { MessageId: messageId } = await send(deadLettersUrl, `{"not": "JSON, ${mark}`);

    const survey = await api.asOperator({
      method: 'GET',
      path: '/operator/dead-letters',
      query: { sample: 20 },
    });

    expect(survey.status).toBe(200);
    expect(survey.body.items).toContainEqual(
      expect.objectContaining({
        consumer: charger,
        sample: expect.arrayContaining([expect.objectContaining({ class: 'poison', messageId })]),
      }),
    );
    await taken(deadLettersUrl, mark);
  });

  it('are shown to operators only', async () => {
    const buyer = fresh('buyer');

    expect(await api.send({ method: 'GET', path: '/operator/dead-letters', buyer })).toMatchObject({
      status: 403,
    });
  });
});
