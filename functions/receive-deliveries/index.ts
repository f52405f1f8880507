import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timings } from '../../shared/domain/timings.ts';
import { createDynamoStore } from '../../shared/simulators/dynamo-document-store.ts';
import { createPlainHandler } from '../../shared/simulators/lambda-adapter.ts';
import { mount } from '../../shared/simulators/plain-http.ts';
import { createReceiver } from '../../shared/simulators/sinks/receiver.ts';

const { DELIVERIES_RECEIVED_TABLE: table } = requireEnv('DELIVERIES_RECEIVED_TABLE');

const createNamedReceiver = (name: string) =>
  createReceiver({
    deliveries: createDynamoStore({ db, table, prefix: `${name}#delivery#` }),
    rules: createDynamoStore({ db, table, prefix: `${name}#rule#` }),
    clock,
  });

/** The systems that a sandbox tells of its payments. */
export const handler = createPlainHandler(
  mount({
    '/data-platform': createNamedReceiver('data-platform'),
    '/notifications': createNamedReceiver('notifications'),
  }),
  { maxDelayMs: timings.cloud.pgTimeoutMs + 5_000 },
);
