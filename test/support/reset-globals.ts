import { afterAll, beforeAll, vi } from 'vitest';
import { documentClient, dynamoDbClient } from '../../shared/config/aws-clients.ts';
import { flushMetrics } from '../../shared/observability/metrics.ts';

/** A client whose `send` may be a stub of aws-sdk-client-mock. */
interface MaybeMocked {
  readonly send: { readonly restore?: () => void };
}

// Unit test files share their modules: each starts without metrics of the previous file and removes its own mocks.
beforeAll(() => flushMetrics());

afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  for (const client of [dynamoDbClient, documentClient] as unknown as MaybeMocked[])
    client.send.restore?.();
});
