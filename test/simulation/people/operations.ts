import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Cast } from './cast.ts';
import { listDeadLetters, workOnDeadLetters } from './dead-letters.ts';
import { createOperator, type Operator } from './operator.ts';
import { requestInquiry, workOnReviews } from './reviews.ts';
import type { Shop } from './shop.ts';
import { paceOf } from './supplies.ts';

const names = ['olivia', 'omar'];

/** Operators who look around before the calm, at any moment. */
export const startOperators = (shop: Shop, { operators, operatorRounds }: Cast): void => {
  for (const name of names.slice(0, operators)) {
    const random = shop.random.fork(`operator ${name}`);
    shop.start(name, async () => {
      for (let round = 1; round <= operatorRounds; round += 1) {
        const own = random.fork(`round ${round}`);
        await shop.time.sleep(own.between(20_000, 200_000) * paceOf(shop));
        if (shop.isCalm()) return;
        await lookAround(createOperator(shop, name, own));
      }
    });
  }
};

/** One round of an operator, mostly without a reason. */
const lookAround = async (operator: Operator): Promise<void> => {
  const { shop, random, client, request } = operator;
  const plan = {
    reviews: random.chance(0.7),
    letters: random.chance(0.4),
    lists: random.chance(0.15),
    inquiry: random.chance(0.4),
    webhook: random.chance(0.3),
    timeline: random.chance(0.2),
    ledger: random.chance(0.1),
  };
  const payments = shop.run.tables.items<Payment>('Payments');
  const paymentId = payments[random.between(0, 1_000) % payments.length]?.paymentId;
  if (plan.reviews) await workOnReviews(operator);
  if (plan.letters) await workOnDeadLetters(operator);
  if (plan.lists) await listDeadLetters(operator);
  if (plan.ledger) await client.look(request('GET', '/operator/ledger'));
  if (paymentId === undefined) return;
  if (plan.inquiry) await requestInquiry(operator, paymentId);
  if (plan.webhook) shop.sendWebhookAgain(paymentId);
  if (plan.timeline) await client.look(request('GET', `/operator/payments/${paymentId}/timeline`));
};

/** Returns a function that starts one round after the calm: everything that is open is worked on. */
export const finishingOperator = (shop: Shop): (() => void) => {
  const random = shop.random.fork('operator after the calm');
  let rounds = 0;

  return () => {
    rounds += 1;
    const own = random.fork(`round ${rounds}`);
    const operator = createOperator(shop, 'olivia', own);
    shop.start(`olivia-${rounds}`, async () => {
      await workOnReviews(operator);
      await workOnDeadLetters(operator);
    });
  };
};
