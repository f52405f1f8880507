import type { HttpResponse } from './http-response.ts';
import type { ApiEvent } from './request.ts';

export const etagOf = (version: number) => `"${version}"`;

/** The entity tags of `If-None-Match`. Weak tags are compared like strong ones. */
export const ifNoneMatchTags = ({ headers }: ApiEvent): readonly string[] =>
  (headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .filter((tag) => tag !== '');

export const hasVersionTag = (tags: readonly string[], version: number): boolean =>
  tags.includes(etagOf(version));

/** Adds the version as ETag. Returns 304 without a body if `If-None-Match` names this version. */
export const withETag = (
  event: ApiEvent,
  version: number,
  response: HttpResponse,
): HttpResponse => {
  const etag = etagOf(version);
  const tags = ifNoneMatchTags(event);
  const { body, ...rest } = {
    ...response,
    headers: { ...response.headers, etag, 'cache-control': 'private, no-cache' },
  };

  return hasVersionTag(tags, version) || tags.includes('*')
    ? { ...rest, status: 304 }
    : { ...rest, body };
};
