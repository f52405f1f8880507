import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { logger } from '../observability/logger.ts';
import { measure } from '../observability/metrics.ts';

/** Tries in a row of which the PG took nothing, after which it is left alone. */
const mostUnsent = 3;

interface BreakerOptions<T> {
  /** How long the PG is left alone before one try is let through. */
  readonly restMs: number;
  /** Whether the PG took nothing of a try. Any other answer, however bad, is one. */
  readonly isUnsent: (tried: T) => boolean;
}

/** Tries something at the PG; undefined while the PG is left alone, and then nothing was begun. */
export type Breaker<T> = (work: () => Promise<T>) => Promise<T | undefined>;

/** Leaves a PG alone that takes nothing, for as long as this process lives or until one try gets through. */
export const breakerOf = <T>({ restMs, isUnsent }: BreakerOptions<T>): Breaker<T> => {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    // Work that throws got no answer: the one try that is let through has not shown that the PG is back.
    handleWhen(() => policy.state === CircuitState.HalfOpen).orWhenResult((tried) =>
      isUnsent(tried as T),
    ),
    { breaker: new ConsecutiveBreaker(mostUnsent), halfOpenAfter: restMs },
  );
  policy.onBreak(() => {
    logger.warn('the PG is left alone', { restMs });
    measure('PgLeftAlone', 1, {});
  });
  policy.onReset(() => logger.info('the PG is there again'));

  return async (work) => {
    // The policy would let the others wait for the one that is let through, perhaps for longer than a function lives.
    if (policy.state === CircuitState.HalfOpen) return undefined;
    try {
      return await policy.execute(work);
    } catch (error) {
      if (error instanceof BrokenCircuitError) return undefined;
      throw error;
    }
  };
};
