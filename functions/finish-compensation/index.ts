import { compensationsIn } from '../../shared/data/compensations.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { compensationStep } from '../../shared/runtime/compensation-step.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { finish, keyOf, type Move } from './handler.ts';

const env = requireEnv('IDEMPOTENCY_TABLE');
const stores = storesFromEnv({ payments: paymentsIn, compensations: compensationsIn });
const move = once(
  { table: env.IDEMPOTENCY_TABLE, name: 'finish-compensation', keyOf },
  ({ before, after }: Move) => stores.payments.moved(before, after),
);

export const handler = compensationStep(finish({ ...stores, move, clock }));
