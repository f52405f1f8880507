import type { ApiEvent } from './http-handler.ts';

/**
 * The seconds of `Prefer: wait=N` (RFC 7240), at most `most`.
 *
 * Undefined where none were asked for, or not readably so: a preference that cannot be met is never an error.
 */
export const preferredWait = ({ headers }: ApiEvent, maxSeconds: number): number | undefined => {
  const preference = /(?:^|,)\s*wait\s*=\s*"?(?<seconds>\d{1,9})"?\s*(?:[;,]|$)/i;
  const seconds = preference.exec(headers.prefer ?? '')?.groups?.seconds;

  return seconds === undefined ? undefined : Math.min(Number(seconds), maxSeconds);
};
