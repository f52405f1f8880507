import { NestedStack, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * The parts of a stack that are nested stacks, because CloudFormation limits a template to 500 resources. A nested
 * stack is deployed and rolled back together with its parent, and receives names as parameters: no export keeps a
 * resource from being replaced. See docs/decisions/0045-how-a-version-is-deployed.md.
 */
const nestedStackIds = { api: 'ApiStack', monitoring: 'MonitoringStack' } as const;

/** The nested stack of the HTTP API. */
export const createApiStack = (stack: Stack): NestedStack =>
  new NestedStack(stack, nestedStackIds.api);

/** The nested stack of the alarms and the dashboard of a stack. The first call creates it. */
export const monitoringStackOf = (stack: Stack): NestedStack =>
  (stack.node.tryFindChild(nestedStackIds.monitoring) as NestedStack | undefined) ??
  new NestedStack(stack, nestedStackIds.monitoring);

/**
 * The scope for what monitors a construct: in the nested stack, below constructs with the same ids as those around it.
 * A scope in a nested stack stays.
 */
export const monitoringScopeOf = (scope: Construct): Construct => {
  const stack = Stack.of(scope);
  if (stack.nested) return scope;

  return scope.node.scopes
    .slice(stack.node.scopes.length)
    .map(({ node }) => node.id)
    .reduce<Construct>(
      (found, id) =>
        (found.node.tryFindChild(id) as Construct | undefined) ?? new Construct(found, id),
      monitoringStackOf(stack),
    );
};
