import type { HttpResponse } from './http-response.ts';
import type { ApiEvent } from './request.ts';

export const etagOf = (version: number) => `"${version}"`;

/** The entity tags of `If-None-Match`, weak ones as strong. */
export const ifNoneMatchTags = ({ headers }: ApiEvent): readonly string[] =>
  (headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .filter((tag) => tag !== '');

export const hasVersionTag = (tags: readonly string[], version: number): boolean =>
  tags.includes(etagOf(version));

/** The answer with its version as entity tag; 304 without a body where the client has this version already. */
export const withETag = (
  event: ApiEvent,
  version: number,
  response: HttpResponse,
): HttpResponse => {
  const etag = etagOf(version);
  const tags = ifNoneMatchTags(event);
  const { body, ...rest } = {
    ...response,
    // To be kept by its buyer alone, and asked about each time.
    headers: { ...response.headers, etag, 'cache-control': 'private, no-cache' },
  };

  return hasVersionTag(tags, version) || tags.includes('*')
    ? { ...rest, status: 304 }
    : { ...rest, body };
};
