import type { Answer, ApiEvent } from './boundary.ts';

/** The answer with its version as entity tag; 304 without a body where the client has this version already. */
export const tagged = ({ headers }: ApiEvent, version: number, answer: Answer): Answer => {
  const etag = `"${version}"`;
  const known = (headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  const { body, ...rest } = {
    ...answer,
    // To be kept by its buyer alone, and asked about each time.
    headers: { ...answer.headers, etag, 'cache-control': 'private, no-cache' },
  };

  return known.includes(etag) || known.includes('*') ? { ...rest, status: 304 } : { ...rest, body };
};
