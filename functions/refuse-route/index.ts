import { httpHandler } from '../../shared/http/boundary.ts';
import { refuseRoute } from './handler.ts';

export const handler = httpHandler(refuseRoute);
