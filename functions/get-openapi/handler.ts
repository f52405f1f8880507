import type { HttpResponse } from '../../shared/http/http-response.ts';

/** Returns the OpenAPI document that was bundled. The function builds nothing from schemas at run time. */
export const getOpenapi = (description: object) => async (): Promise<HttpResponse> => ({
  status: 200,
  headers: { 'cache-control': 'public, max-age=300' },
  body: description,
});
