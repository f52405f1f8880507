import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { dueIn } from '../../shared/data/due.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { documents as db, patience } from '../../shared/runtime/aws.ts';
import { publisher } from '../../shared/runtime/bus.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { type Tick, tickHandler } from '../../shared/runtime/tick-handler.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { sweepPayments } from './handler.ts';
import { mend } from './mend.ts';
import { mendRefund } from './mend-refund.ts';

const env = requireEnv('PAYMENTS_TABLE', 'REFUNDS_TABLE', 'EVENT_BUS_NAME', 'IDEMPOTENCY_TABLE');
const { PAYMENTS_TABLE, REFUNDS_TABLE, IDEMPOTENCY_TABLE: table } = env;
const timings = timingsFromEnv();
const bus = new EventBridgeClient({ maxAttempts: 3, requestHandler: patience });
const publish = publisher(bus, env.EVENT_BUS_NAME);
const payments = { payments: paymentsIn(db, PAYMENTS_TABLE), publish, timings };
const refunds = { refunds: refundsIn(db, REFUNDS_TABLE), publish, timings };
const sources = [
  { due: dueIn(db, PAYMENTS_TABLE, 'paymentId'), mendAt: (at: Date) => mend(payments, at) },
  { due: dueIn(db, REFUNDS_TABLE, 'refundId'), mendAt: (at: Date) => mendRefund(refunds, at) },
];
const work = sweepPayments({ sources, clock, timings });
const keyOf = ({ tick }: Tick) => tick;

export const handler = tickHandler(once({ table, name: 'sweep-payments', keyOf }, work), clock);
