import { kebabCase } from '../../../../cdk/constructs/names.ts';
import { numberAt, optionalNumberAt, toText } from '../intrinsics.ts';
import { type Grant, grantedPermissions, grantsOf } from '../permissions.ts';
import type { Resource, Synthesis } from '../synthesis.ts';
import { readEnvironment } from './environment.ts';
import { type RetryPolicy, readRetryPolicy } from './retry-policy.ts';

/** One deployed function. */
export interface DeployedFunction {
  /** Its folder under functions/. */
  readonly folder: string;
  /** Whether it is the service, or simulates a system outside it. */
  readonly stack: 'service' | 'simulators';
  /** Its variables. Those that name a resource have the name that the deployment has for it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** The maximum of concurrent invocations; without it, only the account limits them. */
  readonly reservedConcurrency?: number | undefined;
  /** What its role may do. */
  readonly grants: readonly Grant[];
  /** How Lambda retries an asynchronous invocation that failed. The schedules invoke asynchronously. */
  readonly asynchronousRetry: RetryPolicy;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const defaultAsynchronousRetry = { maximumRetryAttempts: 2, maximumEventAgeMs: 6 * 3_600_000 };

export const readFunctions = (synthesis: Synthesis): readonly DeployedFunction[] => {
  const permissions = grantedPermissions(synthesis);
  const invokeConfigs = synthesis.all('AWS::Lambda::EventInvokeConfig');

  return synthesis.all('AWS::Lambda::Function').map((resource) => {
    const { name, properties } = resource;

    return {
      folder: kebabCase(name),
      stack: stackOf(resource),
      environment: readEnvironment(synthesis, resource),
      timeoutMs: numberAt(properties, 'Timeout') * 1_000,
      memoryMb: numberAt(properties, 'MemorySize'),
      reservedConcurrency: optionalNumberAt(properties, 'ReservedConcurrentExecutions'),
      grants: grantsOf(name, permissions),
      asynchronousRetry: readRetryPolicy(
        invokeConfigs.find((config) => toText(config.properties.FunctionName) === name)?.properties,
        defaultAsynchronousRetry,
      ),
    };
  });
};

const stackOf = ({ stack }: Resource) => (stack.endsWith('-simulator') ? 'simulators' : 'service');
