import { deadLetterServiceFromEnv } from '../../shared/application/dead-letters/dead-letter-service-from-env.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type {
  BasePlatform,
  DynamoDbStreamsPlatform,
  EventBridgePlatform,
  SqsPlatform,
} from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createEventPublisher } from '../../shared/lambda/event-publisher.ts';
import { createAuditLog } from '../../shared/persistence/audit-log.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { createStreamReader } from '../../shared/persistence/stream-reader.ts';
import { redriveDeadLetters } from './handler.ts';

export const compose = (
  platform: BasePlatform & SqsPlatform & EventBridgePlatform & DynamoDbStreamsPlatform,
) => {
  const { environment, sleep, createEventBridge, createDynamoDbStreams } = platform;
  const { EVENT_BUS_NAME } = requireEnv(environment, 'EVENT_BUS_NAME');
  const { audits } = storesFromEnv(platform, { audits: createAuditLog });
  const { consumers, createRedrive } = deadLetterServiceFromEnv(platform);
  const redrive = createRedrive({
    streams: createStreamReader(createDynamoDbStreams({ maxAttempts: 2 })),
    publish: createEventPublisher(createEventBridge({ maxAttempts: 2 }), EVENT_BUS_NAME),
    auditLog: audits,
    sleep,
  });

  return httpHandler(redriveDeadLetters({ consumers, redrive }));
};
