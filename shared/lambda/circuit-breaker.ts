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

/** Consecutive failures that open the circuit. */
const failureThreshold = 3;

interface CircuitBreakerOptions<T> {
  /** How long the circuit stays open before one probe is allowed. */
  readonly openMs: number;
  /** Whether a result counts as a failure: the gateway did not receive the request. */
  readonly isFailure: (result: T) => boolean;
}

/** Runs a gateway request. Returns undefined without running it while the circuit is open. */
export type CircuitBreaker<T> = (work: () => Promise<T>) => Promise<T | undefined>;

/**
 * Creates a circuit breaker for this process. It opens after consecutive failures; one successful probe
 * closes it. While the circuit is half open, only the probe runs.
 *
 * cockatiel reads `Date.now()` and takes no clock, so `openMs` is time of the process.
 */
export const createCircuitBreaker = <T>({
  openMs,
  isFailure,
}: CircuitBreakerOptions<T>): CircuitBreaker<T> => {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    // A probe that throws got no response, so the circuit opens again.
    handleWhen(() => policy.state === CircuitState.HalfOpen).orWhenResult((result) =>
      isFailure(result as T),
    ),
    { breaker: new ConsecutiveBreaker(failureThreshold), halfOpenAfter: openMs },
  );
  policy.onBreak(() => {
    logger.warn('gateway circuit opened', { openMs });
    recordMetric('GatewayCircuitOpened', 1, {});
  });
  policy.onReset(() => logger.info('gateway circuit closed'));

  return async (work) => {
    // The policy would make other calls wait for the probe, possibly longer than the function timeout.
    if (policy.state === CircuitState.HalfOpen) return undefined;
    try {
      return await policy.execute(work);
    } catch (error) {
      if (error instanceof BrokenCircuitError) return undefined;
      throw error;
    }
  };
};
