import { httpHandler } from '../../shared/http/boundary.ts';
import { deskFromEnv } from '../../shared/operations/desk-from-env.ts';
import { redriveDeadLetters } from './handler.ts';

export const handler = httpHandler(redriveDeadLetters({ desk: deskFromEnv() }));
