import { httpHandler } from '../../shared/http/boundary.ts';
import { getHealth } from './handler.ts';

export const handler = httpHandler(getHealth);
