import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { once } from '../../shared/lambda/idempotency.ts';
import { compensationStep } from '../../shared/lambda/step-handler.ts';
import { compensationsIn } from '../../shared/persistence/compensation-repository.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { finish, keyOf, type Move } from './handler.ts';

const env = requireEnv('IDEMPOTENCY_TABLE');
const stores = storesFromEnv({ payments: paymentsIn, compensations: compensationsIn });
const move = once(
  { table: env.IDEMPOTENCY_TABLE, name: 'finish-compensation', keyOf },
  ({ before, after }: Move) => stores.payments.moved(before, after),
);

export const handler = compensationStep(finish({ ...stores, move, clock }));
