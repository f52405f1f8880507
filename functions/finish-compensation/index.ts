import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import { stepHandler } from '../../shared/lambda/step-handler.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { type CompensationTransition, finish, transitionKeyOf } from './handler.ts';

const env = requireEnv('IDEMPOTENCY_TABLE');
const stores = storesFromEnv({
  payments: createPaymentRepository,
  compensations: createCompensationRepository,
});
const transition = idempotent(
  { table: env.IDEMPOTENCY_TABLE, name: 'finish-compensation', keyOf: transitionKeyOf },
  ({ before, after }: CompensationTransition) => stores.payments.tryUpdate(before, after),
);

export const handler = stepHandler(finish({ ...stores, transition, clock }));
