import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { deskFromEnv } from '../../shared/application/dead-letters/dead-letter-service-from-env.ts';
import { patience } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { publisher } from '../../shared/lambda/event-publisher.ts';
import { auditsIn } from '../../shared/persistence/audit-log.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { redriveDeadLetters } from './handler.ts';

const { EVENT_BUS_NAME } = requireEnv('EVENT_BUS_NAME');
const { audits } = storesFromEnv({ audits: auditsIn });
const bus = new EventBridgeClient({ maxAttempts: 2, requestHandler: patience });
const { consumers, redriver } = deskFromEnv();
const redrive = redriver({ publish: publisher(bus, EVENT_BUS_NAME), audits, pause });

export const handler = httpHandler(redriveDeadLetters({ consumers, redrive }));
