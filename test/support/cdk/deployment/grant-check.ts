import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { DeployedFunction } from './functions.ts';

/**
 * Whether a function's role allows an action on a resource, and on this item of a table. Throws if there is no such
 * function.
 */
export type GrantCheck = (
  folder: string,
  action: string,
  resource: string,
  item?: Readonly<Record<string, unknown>>,
) => boolean;

interface GrantsOfDeployment {
  readonly functions: readonly Pick<DeployedFunction, 'folder' | 'grants'>[];
  readonly tables: readonly Pick<CreateTableCommandInput, 'TableName' | 'KeySchema'>[];
}

/** The limits of the grants of one action on one resource; undefined for a grant without a limit. */
type KeyPatterns = readonly (readonly string[] | undefined)[];

/** A fast check of the grants of all functions. It knows resources by the names in {@link DeployedFunction.grants}. */
export const createGrantCheck = ({ functions, tables }: GrantsOfDeployment): GrantCheck => {
  const granted = new Map(
    functions.map(({ folder, grants }) => {
      const patterns = new Map<string, KeyPatterns>();
      for (const { action, resource, leadingKeys } of grants) {
        const access = `${action} ${resource}`;
        patterns.set(access, [...(patterns.get(access) ?? []), leadingKeys]);
      }

      return [folder, patterns];
    }),
  );
  const partitionKeys = new Map(
    tables.map(({ TableName, KeySchema = [] }) => [
      TableName,
      KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
    ]),
  );

  return (folder, action, resource, item) => {
    const patterns = granted.get(folder);
    if (patterns === undefined) throw new Error(`The deployment has no function ${folder}.`);
    const key = item?.[partitionKeys.get(resource) ?? ''];

    return (patterns.get(`${action} ${resource}`) ?? []).some((one) => allowsKey(one, key));
  };
};

/** `ForAllValues` is met without a key. */
const allowsKey = (patterns: readonly string[] | undefined, key: unknown): boolean =>
  patterns === undefined ||
  key === undefined ||
  patterns.some((pattern) =>
    pattern.endsWith('*') ? String(key).startsWith(pattern.slice(0, -1)) : key === pattern,
  );
