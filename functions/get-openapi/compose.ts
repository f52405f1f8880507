import description from '../../docs/openapi.json' with { type: 'json' };
import { httpHandler } from '../../shared/http/http-handler.ts';
import { getOpenapi } from './handler.ts';

export const compose = () => httpHandler(getOpenapi(description));
