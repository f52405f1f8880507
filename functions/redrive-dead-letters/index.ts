import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { auditsIn } from '../../shared/data/audits.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { deskFromEnv } from '../../shared/operations/desk-from-env.ts';
import { patience } from '../../shared/runtime/aws.ts';
import { publisher } from '../../shared/runtime/bus.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { redriveDeadLetters } from './handler.ts';

const { EVENT_BUS_NAME } = requireEnv('EVENT_BUS_NAME');
const { audits } = storesFromEnv({ audits: auditsIn });
const bus = new EventBridgeClient({ maxAttempts: 2, requestHandler: patience });
const { consumers, redriver } = deskFromEnv();
const redrive = redriver({ publish: publisher(bus, EVENT_BUS_NAME), audits, pause });

export const handler = httpHandler(redriveDeadLetters({ consumers, redrive }));
