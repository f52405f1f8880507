import { SQSClient } from '@aws-sdk/client-sqs';
import { settleIn } from '../../shared/data/settle.ts';
import { type DomainEvent, subscriptions } from '../../shared/domain/events.ts';
import { paymentGateway } from '../../shared/pg/gateway.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { paymentStores } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { chargePayment } from './handler.ts';

const env = requireEnv('IDEMPOTENCY_TABLE', 'QUEUE_URL', 'PG_URL');
const timings = timingsFromEnv();
const stores = paymentStores();
const gateway = paymentGateway({ url: env.PG_URL, timings });
const charge = chargePayment({ ...stores, gateway, settle: settleIn(stores), clock, timings });
const chargeOnce = once(
  { table: env.IDEMPOTENCY_TABLE, name: 'charge-payment', keyOf: ({ id }: DomainEvent) => id },
  ({ subject }: DomainEvent<'PaymentReserved'>) => charge(subject),
);

export const handler = queueHandler(
  subscriptions['charge-payment'],
  {
    sqs: new SQSClient(),
    queueUrl: env.QUEUE_URL,
    redeliverAfterMs: timings.redeliverAfterMs,
    inFlightAfterMs: timings.claimMs,
  },
  async (event, context) => (await chargeOnce(event, context)).value,
);
