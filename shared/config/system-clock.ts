import type { Clock } from '../domain/time.ts';

export const systemClock: Clock = { now: () => new Date() };
