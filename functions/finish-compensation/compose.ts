import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotentByMarker } from '../../shared/lambda/marker-idempotency.ts';
import { stepHandler } from '../../shared/lambda/step-handler.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { type CompensationTransition, findTransition, finish, transitionKeyOf } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    compensations: createCompensationRepository,
  });
  const transition = idempotentByMarker(
    {
      name: 'finish-compensation',
      keyOf: transitionKeyOf,
      hasFailedCondition: (isWritten) => !isWritten,
      findResult: findTransition(stores),
    },
    ({ before, after }: CompensationTransition) => stores.payments.tryUpdate(before, after),
  );

  return stepHandler(finish({ ...stores, transition, clock: platform.clock }));
};
