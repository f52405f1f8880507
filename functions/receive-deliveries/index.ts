import { documents as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timings } from '../../shared/domain/timings.ts';
import { inDynamo } from '../../shared/simulators/dynamo-document-store.ts';
import { plainHandler } from '../../shared/simulators/lambda-adapter.ts';
import { mounted } from '../../shared/simulators/plain-http.ts';
import { receiver } from '../../shared/simulators/sinks/receiver.ts';

const { DELIVERIES_RECEIVED_TABLE: table } = requireEnv('DELIVERIES_RECEIVED_TABLE');

const receiverNamed = (name: string) =>
  receiver({
    deliveries: inDynamo({ db, table, prefix: `${name}#delivery#` }),
    rules: inDynamo({ db, table, prefix: `${name}#rule#` }),
    clock,
  });

/** The systems that a sandbox tells of its payments. */
export const handler = plainHandler(
  mounted({
    '/data-platform': receiverNamed('data-platform'),
    '/notifications': receiverNamed('notifications'),
  }),
  { hangMs: timings.cloud.pgTimeoutMs + 5_000 },
);
