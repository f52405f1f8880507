import { httpHandler } from '../../shared/http/http-handler.ts';
import { refuseRoute } from './handler.ts';

export const handler = httpHandler(refuseRoute);
