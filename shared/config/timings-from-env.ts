import { type TimingProfile, type Timings, timings } from '../domain/timings.ts';
import { requireEnv } from './env.ts';

/** The times of the profile that the environment variable TIMINGS names. */
export const timingsFromEnv = (): Timings => {
  const { TIMINGS: profile } = requireEnv('TIMINGS');
  if (!(profile in timings)) {
    throw new Error(`TIMINGS is "${profile}"; set it to ${Object.keys(timings).join(' or ')}.`);
  }

  return timings[profile as TimingProfile];
};
