import {
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { iam, lambda, stack } from './aws.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface Policy {
  readonly Statement: readonly Statement[];
}

/** One action on one table, as a grant names it. */
export interface Privilege {
  readonly action: string;
  readonly table: string;
}

/** Does the work while a function's role may not do one thing that it may do otherwise. */
export const without = async <T>(
  folder: string,
  privilege: Privilege,
  work: () => Promise<T>,
): Promise<T> => {
  const RoleName = await roleOf(folder);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(PolicyNames.map((name) => policyOf(RoleName, name)));
  const put = (PolicyName: string, policy: Policy) =>
    iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) }),
    );

  const narrowed = policies.map(({ name, policy }) => ({ name, policy: less(policy, privilege) }));
  if (JSON.stringify(narrowed) === JSON.stringify(policies)) {
    throw new Error(`${folder} never had ${privilege.action} on ${privilege.table}.`);
  }
  try {
    for (const { name, policy } of narrowed) await put(name, policy);

    return await work();
  } finally {
    for (const { name, policy } of policies) await put(name, policy);
  }
};

const roleOf = async (folder: string): Promise<string> => {
  const { Role = '' } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: stack.functions[folder] }),
  );

  return Role.split('/').at(-1) ?? '';
};

const policyOf = async (RoleName: string, PolicyName: string) => {
  const { PolicyDocument = '' } = await iam.send(
    new GetRolePolicyCommand({ RoleName, PolicyName }),
  );

  return { name: PolicyName, policy: JSON.parse(decodeURIComponent(PolicyDocument)) as Policy };
};

/** The policy without the action, wherever a statement names this table. */
const less = (policy: Policy, { action, table }: Privilege): Policy => ({
  ...policy,
  Statement: policy.Statement.flatMap((statement) => {
    if (!JSON.stringify(statement.Resource).includes(`table/${table}`)) return [statement];
    const Action = [statement.Action].flat().filter((one) => one !== action);

    return Action.length > 0 ? [{ ...statement, Action }] : [];
  }),
});
