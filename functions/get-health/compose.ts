import { httpHandler } from '../../shared/http/http-handler.ts';
import { getHealth } from './handler.ts';

export const compose = () => httpHandler(getHealth);
