import { type TimingProfile, type Timings, timings } from '../domain/timings.ts';
import { type Environment, requireEnv } from './env.ts';

/** The timings of the profile in the variable TIMINGS. */
export const timingsFromEnv = (environment: Environment): Timings => {
  const { TIMINGS: profile } = requireEnv(environment, 'TIMINGS');
  if (!(profile in timings)) {
    throw new Error(`TIMINGS is "${profile}"; set it to ${Object.keys(timings).join(' or ')}.`);
  }

  return timings[profile as TimingProfile];
};
