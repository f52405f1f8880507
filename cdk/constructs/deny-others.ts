import { Lazy } from 'aws-cdk-lib';
import { CfnEventBusPolicy, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Effect, type IRole, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';

interface DeniedActions {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resource: string;
  /** The roles that are not denied. The list may grow until the synthesis. */
  readonly roles: readonly IRole[];
}

/**
 * Denies actions on a resource to every principal but the roles, whatever the principal's own permissions allow. The
 * actions are on data only, so that administrators still read, change and delete the resource and its policy.
 *
 * A service that calls by itself is not denied: it needs an Allow of the resource's own policy anyway.
 */
export const denyOthers = ({ sid, actions, resource, roles }: DeniedActions): PolicyStatement =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new StarPrincipal()],
    actions: [...actions],
    resources: [resource],
    conditions: {
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
      // For the session of a role, the key is the ARN of the role.
      ArnNotEquals: Lazy.any({
        produce: () =>
          roles.length > 0
            ? { 'aws:PrincipalArn': [...new Set(roles.map(({ roleArn }) => roleArn))] }
            : undefined,
      }),
    },
  });

/**
 * On AWS, lets no other role publish to the bus. The policy is not in the stack of the bus, because that stack knows no
 * roles.
 */
export const restrictPublishers = (
  scope: Construct,
  bus: IEventBus,
  profile: StageProfile,
  publishers: readonly { readonly role: IRole }[],
): void => {
  if (!profile.denyOtherRoles) return;
  const statement = denyOthers({
    sid: 'OnlyServicePublishes',
    actions: ['events:PutEvents'],
    resource: bus.eventBusArn,
    roles: publishers.map(({ role }) => role),
  });
  new CfnEventBusPolicy(scope, 'BusPolicy', {
    eventBusName: bus.eventBusName,
    statementId: 'OnlyServicePublishes',
    statement: statement.toStatementJson(),
  });
};
