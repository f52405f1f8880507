import { expect, it } from 'vitest';
import { composeFunction } from '../../dev/simulation/compositions.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import { aPayment } from '../support/builders/builders.ts';
import { createGatewayModel } from '../support/fakes/gateway-model.ts';
import { aLambdaContext } from '../support/harness/invoke-handler.ts';
import { createProcess, environmentOf, queueEventOf } from './composed-process.ts';

const folder = 'charge-payment';
const paymentIds = ['pay_1', 'pay_2', 'pay_3', 'pay_4'];

/** The payments that one charger sends to the gateway, if each has this outcome. */
const sentWith = async (outcome: ChargeOutcome): Promise<readonly string[]> => {
  const sent: string[] = [];
  const { gateway } = createGatewayModel(() => 'answered');
  const charge = async ({ reference }: { readonly reference: string }) => {
    sent.push(reference);

    return outcome;
  };
  const { platform, tables } = createProcess({ openGateway: () => ({ ...gateway, charge }) });
  const environment = environmentOf(folder);
  const handler = composeFunction(folder, { ...platform, environment });
  for (const paymentId of paymentIds) {
    const payment = aPayment({ paymentId });
    tables.put(environment.PAYMENTS_TABLE ?? '', payment);
    const { name, ...envelope } = replayPaymentEvent(payment, 'PaymentReserved');
    await handler(queueEventOf(name, JSON.stringify(envelope)), aLambdaContext());
  }

  return sent;
};

it('a composed charger stops after three charges that were not sent', async () => {
  const outcome = { outcome: 'not-sent', reason: 'connection refused' } as const;

  expect(await sentWith(outcome)).toEqual(paymentIds.slice(0, 3));
});

it('a composed charger goes on while the gateway answers', async () => {
  const outcome = {
    outcome: 'declined',
    code: 'card_declined',
    reason: 'Declined.',
    buyerCode: 'card-declined',
  } as const;

  expect(await sentWith(outcome)).toEqual(paymentIds);
});
