import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { logger } from '../observability/logger.ts';
import { recordMetric } from '../observability/metrics.ts';

/** Tries in a row of which the PG took nothing, after which it is left alone. */
const failureThreshold = 3;

interface CircuitBreakerOptions<T> {
  /** How long the PG is left alone before one try is let through. */
  readonly openMs: number;
  /** Whether the PG took nothing of a try. Any other answer, however bad, is one. */
  readonly isFailure: (result: T) => boolean;
}

/** Tries something at the PG; undefined while the PG is left alone, and then nothing was begun. */
export type CircuitBreaker<T> = (work: () => Promise<T>) => Promise<T | undefined>;

/** Leaves a PG alone that takes nothing, for as long as this process lives or until one try gets through. */
export const createCircuitBreaker = <T>({
  openMs,
  isFailure,
}: CircuitBreakerOptions<T>): CircuitBreaker<T> => {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    // Work that throws got no answer: the one try that is let through has not shown that the PG is back.
    handleWhen(() => policy.state === CircuitState.HalfOpen).orWhenResult((result) =>
      isFailure(result as T),
    ),
    { breaker: new ConsecutiveBreaker(failureThreshold), halfOpenAfter: openMs },
  );
  policy.onBreak(() => {
    logger.warn('gateway circuit opened', { restMs: openMs });
    recordMetric('GatewayCircuitOpened', 1, {});
  });
  policy.onReset(() => logger.info('gateway circuit closed'));

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
