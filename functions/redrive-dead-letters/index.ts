import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { deadLetterServiceFromEnv } from '../../shared/application/dead-letters/dead-letter-service-from-env.ts';
import { requestTimeouts } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createEventPublisher } from '../../shared/lambda/event-publisher.ts';
import { createAuditLog } from '../../shared/persistence/audit-log.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { redriveDeadLetters } from './handler.ts';

const { EVENT_BUS_NAME } = requireEnv('EVENT_BUS_NAME');
const { audits } = storesFromEnv({ audits: createAuditLog });
const bus = new EventBridgeClient({ maxAttempts: 2, requestHandler: requestTimeouts });
const { consumers, createRedrive: redriver } = deadLetterServiceFromEnv();
const redrive = redriver({
  publish: createEventPublisher(bus, EVENT_BUS_NAME),
  auditLog: audits,
  sleep: pause,
});

export const handler = httpHandler(redriveDeadLetters({ consumers, redrive }));
