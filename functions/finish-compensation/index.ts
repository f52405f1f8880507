import { compensationsIn } from '../../shared/data/compensations.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { compensationStep } from '../../shared/runtime/compensation-step.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { finish, type Move } from './handler.ts';

const env = requireEnv('PAYMENTS_TABLE', 'COMPENSATIONS_TABLE', 'IDEMPOTENCY_TABLE');
const payments = paymentsIn(db, env.PAYMENTS_TABLE);
const compensations = compensationsIn(db, env.COMPENSATIONS_TABLE);
// The move of one version is kept, not the answer: IN_REVIEW is only true until the missing steps are done.
const move = once(
  {
    table: env.IDEMPOTENCY_TABLE,
    name: 'finish-compensation',
    keyOf: ({ before, after }: Move) =>
      JSON.stringify([before.paymentId, before.version, after.status]),
  },
  ({ before, after }) => payments.moved(before, after),
);

export const handler = compensationStep(finish({ payments, compensations, move, clock }));
