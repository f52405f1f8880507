import type { Answer, ApiEvent } from './http-handler.ts';

export const etagOf = (version: number) => `"${version}"`;

/** The entity tags of `If-None-Match`, weak ones as strong. */
export const knownTags = ({ headers }: ApiEvent): readonly string[] =>
  (headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .filter((tag) => tag !== '');

export const isKnown = (tags: readonly string[], version: number): boolean =>
  tags.includes(etagOf(version));

/** The answer with its version as entity tag; 304 without a body where the client has this version already. */
export const tagged = (event: ApiEvent, version: number, answer: Answer): Answer => {
  const etag = etagOf(version);
  const known = knownTags(event);
  const { body, ...rest } = {
    ...answer,
    // To be kept by its buyer alone, and asked about each time.
    headers: { ...answer.headers, etag, 'cache-control': 'private, no-cache' },
  };

  return isKnown(known, version) || known.includes('*')
    ? { ...rest, status: 304 }
    : { ...rest, body };
};
