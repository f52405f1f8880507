import { deadLetterServiceFromEnv } from '../../shared/application/dead-letters/dead-letter-service-from-env.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { listDeadLetters } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) =>
  httpHandler(listDeadLetters({ service: deadLetterServiceFromEnv(platform) }));
