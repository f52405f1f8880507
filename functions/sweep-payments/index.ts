import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { duePaymentsIn } from '../../shared/data/due-payments.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { documents as db, patience } from '../../shared/runtime/aws.ts';
import { publisher } from '../../shared/runtime/bus.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { type Tick, tickHandler } from '../../shared/runtime/tick-handler.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { sweepPayments } from './handler.ts';
import { mend } from './mend.ts';

const env = requireEnv('PAYMENTS_TABLE', 'EVENT_BUS_NAME', 'IDEMPOTENCY_TABLE');
const timings = timingsFromEnv();
const payments = paymentsIn(db, env.PAYMENTS_TABLE);
const due = duePaymentsIn(db, env.PAYMENTS_TABLE);
const bus = new EventBridgeClient({ maxAttempts: 3, requestHandler: patience });
const publish = publisher(bus, env.EVENT_BUS_NAME);
const mendAt = (at: Date) => mend({ payments, publish, timings }, at);
const sweep = once(
  { table: env.IDEMPOTENCY_TABLE, name: 'sweep-payments', keyOf: ({ tick }: Tick) => tick },
  sweepPayments({ due, mendAt, clock, timings }),
);

export const handler = tickHandler(sweep, clock);
