import type { HttpResponse } from '../../shared/http/http-response.ts';

/** The API's description, as it was when the function was bundled: nothing is made of schemas here. */
export const getOpenapi = (description: object) => async (): Promise<HttpResponse> => ({
  status: 200,
  headers: { 'cache-control': 'public, max-age=300' },
  body: description,
});
