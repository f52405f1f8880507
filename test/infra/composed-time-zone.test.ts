import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { expect, it } from 'vitest';
import { composeFunction, type FunctionFolder } from '../../dev/simulation/compositions.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { apiGatewayEvent } from '../support/builders/api-gateway-event.ts';
import { aPayment } from '../support/builders/builders.ts';
import { afterTransitions } from '../support/builders/payment-history.ts';
import { aLambdaContext } from '../support/harness/invoke-handler.ts';
import { createProcess, environmentOf, queueEventOf } from './composed-process.ts';

/** A zone in which noon of UTC is the next day. */
const zone = { SHOP_TIME_ZONE: 'Pacific/Kiritimati' };

it('composed functions count a sale, and look for it, on the day of the shop', async () => {
  const { platform, tables } = createProcess();
  const invoke = (folder: FunctionFolder, event: unknown) =>
    composeFunction(folder, { ...platform, environment: { ...environmentOf(folder), ...zone } })(
      event,
      aLambdaContext(),
    );
  const payment = afterTransitions(aPayment(), 'claimed', 'captured');
  const { PAYMENTS_TABLE = '' } = environmentOf('get-operator-timeline');
  tables.put(PAYMENTS_TABLE, payment);
  const { name, ...envelope } = replayPaymentEvent(payment, 'PaymentCompleted');
  await invoke('update-ranking', queueEventOf(name, JSON.stringify(envelope)));
  const timeline = await invoke(
    'get-operator-timeline',
    apiGatewayEvent({
      method: 'GET',
      path: `/operator/payments/${payment.paymentId}/timeline`,
      buyer: 'olivia',
      scope: 'aftercommit/operator',
    }),
  );

  const counts = tables.items<{ readonly day: string; readonly sku?: string }>('Rankings');
  expect(counts.flatMap(({ day, sku }) => (sku ? [day.slice(0, 10)] : []))).toEqual(['2026-03-15']);
  expect((timeline as APIGatewayProxyStructuredResultV2).body).toContain('counted');
});
