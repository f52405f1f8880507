import { httpHandler } from '../../shared/http/http-handler.ts';
import { rejectUnknownRoute } from './handler.ts';

export const compose = () => httpHandler(rejectUnknownRoute);
