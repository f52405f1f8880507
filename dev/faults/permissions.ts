import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface Policy {
  readonly Statement: readonly Statement[];
}

/** An IAM action on one table. */
export interface Permission {
  readonly action: string;
  readonly table: string;
}

/** Removes a permission from the role of a function. Returns an idempotent function that restores it. */
export const revokePermission = async (
  { endpoint, functions }: Pick<LocalStack, 'endpoint' | 'functions'>,
  folder: string,
  permission: Permission,
): Promise<() => Promise<void>> => {
  const iam = new IAMClient(localClientConfig(endpoint));
  const { Role = '' } = await new LambdaClient(localClientConfig(endpoint)).send(
    new GetFunctionConfigurationCommand({ FunctionName: functions[folder] }),
  );
  const RoleName = Role.split('/').at(-1) ?? '';
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(PolicyNames.map((name) => policyOf(iam, RoleName, name)));
  const put = async (granted: typeof policies) => {
    for (const { name, policy } of granted)
      await iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName: name,
          PolicyDocument: JSON.stringify(policy),
        }),
      );
  };

  const narrowed = policies.map(({ name, policy }) => ({
    name,
    policy: withoutPermission(policy, permission),
  }));
  if (JSON.stringify(narrowed) === JSON.stringify(policies)) {
    throw new Error(`${folder} does not have ${permission.action} on ${permission.table}.`);
  }
  const restore = () => put(policies);
  await put(narrowed).catch(async (error) => {
    await restore();
    throw error;
  });

  return restore;
};

const policyOf = async (iam: IAMClient, RoleName: string, PolicyName: string) => {
  const { PolicyDocument = '' } = await iam.send(
    new GetRolePolicyCommand({ RoleName, PolicyName }),
  );

  return { name: PolicyName, policy: JSON.parse(decodeURIComponent(PolicyDocument)) as Policy };
};

/** The policy without the action in every statement for the table. */
const withoutPermission = (policy: Policy, { action, table }: Permission): Policy => ({
  ...policy,
  Statement: policy.Statement.flatMap((statement) => {
    if (!JSON.stringify(statement.Resource).includes(`table/${table}`)) return [statement];
    const Action = [statement.Action].flat().filter((one) => one !== action);

    return Action.length > 0 ? [{ ...statement, Action }] : [];
  }),
});
