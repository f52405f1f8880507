import type { ClosedLoopSettings } from '../load/closed-loop.ts';
import { startChildHost } from '../program.ts';
import type { Load, LoadObservation, Target } from './load.ts';

/** Runs the lighter load generator until it ends. */
export const runLightLoad = async (
  { url, paymentMethod, balanceAmount, accepted, buyers }: Target,
  users: number,
  { warmUpS, windowS }: Load,
  logFile: string,
): Promise<LoadObservation> => {
  const generator = await startChildHost<LoadObservation>(
    new URL('../load/closed-loop-program.ts', import.meta.url),
    {
      url,
      users,
      paymentMethod,
      balanceAmount,
      accepted,
      buyers,
      warmUpS,
      windowS,
    } satisfies ClosedLoopSettings,
    { logFile },
  );
  await generator.close();

  return generator.ready;
};
