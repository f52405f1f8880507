import { httpHandler } from '../../shared/http/boundary.ts';
import { deskFromEnv } from '../../shared/operations/desk-from-env.ts';
import { listDeadLetters } from './handler.ts';

export const handler = httpHandler(listDeadLetters({ desk: deskFromEnv() }));
