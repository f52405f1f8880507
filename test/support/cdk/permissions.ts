import { type Json, resourceNameOf, toList, toText, valueAt } from './intrinsics.ts';
import type { Synthesis } from './synthesis.ts';

export interface Permission {
  readonly policy: string;
  readonly action: string;
  readonly resource: string;
  /** The patterns of partition keys that it is limited to. */
  readonly leadingKeys?: readonly string[];
}

/** What a function's role allows. */
export interface Grant {
  /** `dynamodb:Query`. */
  readonly action: string;
  /** `Payments`, `Payments/index/byDue`, `Payments (stream)`, `ChargePaymentConsumer/Queue`, `Bus`. */
  readonly resource: string;
  readonly leadingKeys?: readonly string[];
}

/** The limit of a statement to partition keys, if it has one. */
const keyLimitOf = (statement: Json) => {
  const patterns = valueAt(statement, 'Condition.ForAllValues:StringLike.dynamodb:LeadingKeys');

  return patterns === undefined ? {} : { leadingKeys: toList(patterns).map(toText) };
};

const statementsOf = (policy: Json | undefined) => toList(valueAt(policy, 'Statement'));

/** Every permission that a policy of the stacks allows: one entry for each action and resource. */
export const grantedPermissions = ({ all }: Pick<Synthesis, 'all'>): readonly Permission[] =>
  all().flatMap(({ name, properties }) =>
    [
      properties.PolicyDocument,
      ...toList(properties.Policies).map((inline) => valueAt(inline, 'PolicyDocument')),
      properties.AssumeRolePolicyDocument,
      valueAt(properties, 'ResourcePolicy.PolicyDocument'),
    ]
      .flatMap(statementsOf)
      .filter((statement) => valueAt(statement, 'Effect') === 'Allow')
      .flatMap((statement) =>
        toList(valueAt(statement, 'Action')).flatMap((action) =>
          (toList(valueAt(statement, 'Resource')).length > 0
            ? toList(valueAt(statement, 'Resource'))
            : [name]
          ).map((resource) => ({
            policy: name,
            action: toText(action),
            resource: toText(resource),
            ...keyLimitOf(statement),
          })),
        ),
      ),
  );

/** The name of a permission's resource; a stream has the name of its table and `(stream)`. */
export const readableResource = (resource: string): string =>
  resource.endsWith('.StreamArn')
    ? `${resourceNameOf(resource)} (stream)`
    : resourceNameOf(resource);

/** What the role of the function with this construct id may do: `ChargePayment`. */
export const grantsOf = (id: string, everything: readonly Permission[]): readonly Grant[] =>
  everything
    .filter(({ policy }) => policy.startsWith(`${id}Role/`))
    .map(({ policy: _, resource, ...grant }) => ({
      ...grant,
      resource: readableResource(resource),
    }));
