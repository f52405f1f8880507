import { timings } from '../../shared/domain/timings.ts';
import { inDynamo } from '../../shared/outside/dynamo-documents.ts';
import { plainHandler } from '../../shared/outside/lambda-http.ts';
import { mounted } from '../../shared/outside/plain-http.ts';
import { receiver } from '../../shared/outside/sinks/api.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';

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
