import type { NextActionOptions } from '../../../shared/application/payments/next-action.ts';
import { timings } from '../../../shared/domain/timings.ts';

/** What a function needs to say what its buyer does next: the simulator's window, and the local timings. */
export const nextActionOptions: NextActionOptions = {
  checkout: { gateway: 'simulator', url: 'http://pg.example/window' },
  timings: timings.local,
};
