import middy from '@middy/core';
import { waitingPaymentsIn } from '../../shared/data/waiting-payments.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { publishMeasures } from '../../shared/runtime/measure.ts';
import { logger } from '../../shared/runtime/observability.ts';
import { measureBacklog } from './handler.ts';

const { PAYMENTS_TABLE } = requireEnv('PAYMENTS_TABLE');
const measureAll = measureBacklog({ waiting: waitingPaymentsIn(db, PAYMENTS_TABLE), clock });

export const handler = middy().handler(async () => {
  const backlog = await measureAll();
  logger.info('measured', { backlog });
  publishMeasures();

  return backlog;
});
