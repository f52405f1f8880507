import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import { beginInvocation } from '../config/invocation-deadline.ts';

/** The metrics of one invocation, and the service name and request id of its log lines and metrics. */
interface InvocationScope {
  /** Without a name, Powertools reads it from the environment. */
  readonly service?: string;
  /** Lambda's id of the invocation; undefined before the first one. */
  requestId?: string;
  /** Metrics that are not published yet, one entry for each set of dimensions. */
  readonly pendingMetrics: Map<string, Metrics>;
  /** Published and emptied, for reuse: each new instance creates a console. */
  readonly metricsPool: Metrics[];
}

/** On Lambda, a process runs one function and one invocation at a time. */
const processScope: InvocationScope = { pendingMetrics: new Map(), metricsPool: [] };

const scopes = new AsyncLocalStorage<InvocationScope>();

export const currentScope = (): InvocationScope => scopes.getStore() ?? processScope;

/** Separates the log lines and metrics of each invocation if several functions share a process. */
export const createInvocationScopes = (service: string) => {
  const metricsPool: Metrics[] = [];

  return <T>(invoke: () => Promise<T>): Promise<T> =>
    scopes.run({ service, pendingMetrics: new Map(), metricsPool }, invoke);
};

/**
 * Starts the handler of a function: its log lines have the request id of the invocation that wrote them, and its calls
 * of DynamoDB end before the invocation does. Every handler begins with it.
 */
export const createHandler = <E, R>() =>
  middy<E, R>().before(({ context }) => {
    currentScope().requestId = context.awsRequestId;
    beginInvocation(context);
  });
