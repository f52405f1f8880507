import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { timings } from '../../shared/domain/timings.ts';
import { createDynamoStore } from '../../shared/simulators/dynamo-document-store.ts';
import { createPlainHandler } from '../../shared/simulators/lambda-adapter.ts';
import { mount } from '../../shared/simulators/plain-http.ts';
import { createReceiver } from '../../shared/simulators/sinks/receiver.ts';

/** The receiving systems of a sandbox. */
export const compose = ({ environment, db, clock, sleep }: BasePlatform) => {
  const { DELIVERIES_RECEIVED_TABLE: table } = requireEnv(environment, 'DELIVERIES_RECEIVED_TABLE');
  const createNamedReceiver = (name: string) =>
    createReceiver({
      deliveries: createDynamoStore({ db, table, prefix: `${name}#delivery#` }),
      rules: createDynamoStore({ db, table, prefix: `${name}#rule#` }),
      clock,
    });

  return createPlainHandler(
    mount({
      '/data-platform': createNamedReceiver('data-platform'),
      '/notifications': createNamedReceiver('notifications'),
    }),
    { maxDelayMs: timings.cloud.pgTimeoutMs + 5_000, sleep },
  );
};
