import { deadLetterServiceFromEnv } from '../../shared/application/dead-letters/dead-letter-service-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { listDeadLetters } from './handler.ts';

export const handler = httpHandler(listDeadLetters({ service: deadLetterServiceFromEnv() }));
