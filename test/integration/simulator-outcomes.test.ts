import { beforeAll, describe, expect, it } from 'vitest';
import {
  simulatorOutcomes as allEndings,
  type SimulatorOutcome,
} from '../../dev/docs/simulator-outcomes.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { eventually } from '../support/eventually.ts';
import { type AcceptedPayment, api, type PlacedOrder } from '../support/stack/api-client.ts';
import { nextActionOf, pressOnPage } from '../support/stack/buyer-pages.ts';
import { pg } from '../support/stack/external-systems.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  balancePart,
  couponOf,
  orderOf,
  stock,
  wallets,
} from '../support/stack/stack-fixtures.ts';

const outcomes = allEndings.filter(({ needsWebhook }) => pg.sendsWebhooks || !needsWebhook);

const [deposited, received, quantity] = [10_000, 10, 2];

interface Paid {
  readonly order: PlacedOrder;
  readonly payment: AcceptedPayment;
  readonly sku: string;
  readonly couponId: string;
}

/** The buyer's steps, each once the payment shows the result of the one before. */
const actAsBuyer = async (
  payment: AcceptedPayment,
  steps: NonNullable<SimulatorOutcome['buyer']>,
) => {
  const { url } = await nextActionOf(payment, { type: 'redirect' });
  for (const step of steps) {
    if (step === 'cancels') {
      expect(await api.cancel(payment)).toMatchObject({ status: 202 });
      await api.settled(payment);
    } else await pressOnPage(url, step === 'approves' ? 'Approve' : 'Decline');
  }
};

const pay = async ({ paymentMethod, buyer: steps }: SimulatorOutcome): Promise<Paid> => {
  const buyer = await aBuyer({ available: deposited });
  const sku = await aProduct({ available: received });
  const couponId = await aCoupon({ buyer });
  const order = await anOrder({ buyer, couponId, lines: [{ sku, quantity }] });

  const payment = await api.accepted(order, { paymentMethod, balanceAmount: balancePart });
  if (steps) await actAsBuyer(payment, steps);

  return { order, sku, couponId, payment };
};

/** The statuses without repetitions. */
const statesOf = ({ history }: Payment) =>
  history.map(({ to }) => to).filter((to, at, all) => to !== all[at - 1]);

const started = new Map<SimulatorOutcome, Paid>();

/** The payment made before the tests began; a retried test pays again. */
const paid = async (ending: SimulatorOutcome): Promise<Paid> => {
  const first = started.get(ending);
  started.delete(ending);

  return first ?? pay(ending);
};

// All payments start concurrently, so that the suite waits only for the slowest.
beforeAll(async () => {
  await Promise.all(outcomes.map(async (ending) => started.set(ending, await pay(ending))));
});

// On a very slow machine the inquiry comes so late that the gateway has already approved.
describe('a payment', { retry: 2 }, () => {
  it.for(outcomes)('ends as documented in docs/states.md: $paymentMethod', async (ending) => {
    const { order, payment, sku, couponId } = await paid(ending);
    const { buyer } = order;
    const charged = order.total - balancePart;
    const { paymentId } = payment;

    await eventually(async () =>
      expect(await storedPayment(paymentId)).toMatchObject({ status: ending.states.at(-1) }),
    );

    expect(statesOf(await storedPayment(paymentId))).toEqual(ending.states);
    expect((await api.payment(payment)).body).toMatchObject({
      status: ending.status,
      ...(ending.code && { failure: { code: ending.code } }),
    });
    const { charges, refunds } = await pg.chargesOf(paymentId);
    const { capture } = ending;
    expect(charges.map(({ amount }) => amount)).toEqual(
      capture ? [charged + capture.minorUnitsTooMany] : [],
    );
    expect(refunds.map(({ amount }) => amount)).toEqual(capture?.isRefunded ? [charged] : []);
    expect(await wallets.of(buyer)).toEqual({
      ...{ available: deposited - balancePart, held: 0, spent: 0, deposited },
      [ending.money]: ending.money === 'available' ? deposited : balancePart,
    });
    expect(await stock.of(sku)).toEqual({
      ...{ available: received - quantity, reserved: 0, sold: 0, received },
      [ending.units]: ending.units === 'available' ? received : quantity,
    });
    expect(await orderOf(order.orderId)).toMatchObject({ status: ending.order });
    expect(await couponOf(buyer, couponId)).toMatchObject({ status: ending.coupon });
  });
});
