import type { Condition, ConditionExpression, Operand } from './conditions.ts';
import { validationException } from './exceptions.ts';
import { nameOf, type Scope } from './placeholders.ts';
import { typeOf } from './values.ts';

export interface KeySchema {
  readonly partition: string;
  readonly sort: string | undefined;
  /** Partition and sort. */
  readonly names: readonly string[];
  /** Types of the key attributes. */
  readonly types: Readonly<Record<string, string>>;
}

export interface KeyCondition {
  readonly partitionValue: unknown;
  /** The condition of the sort key. */
  readonly ofSort: Condition | undefined;
}

/** Reads the two parts of a key condition. Throws a ValidationException if it is not one of this schema. */
export const keyConditionOf = (
  { condition }: ConditionExpression,
  schema: KeySchema,
  scope: Scope,
): KeyCondition => {
  const parts = condition.is === 'and' ? condition.all : [condition];
  const byAttribute = new Map<string, Condition>();
  for (const part of parts) {
    const attribute = attributeOf(part, scope);
    if (byAttribute.has(attribute)) {
      throw validationException('KeyConditionExpressions must only contain one condition per key');
    }
    byAttribute.set(attribute, part);
    checkTypes(part, schema, attribute, scope);
  }
  const ofPartition = byAttribute.get(schema.partition);
  if (ofPartition === undefined) {
    throw validationException(`Query condition missed key schema element: ${schema.partition}`);
  }
  const ofSort = schema.sort === undefined ? undefined : byAttribute.get(schema.sort);
  if (byAttribute.size > (ofSort === undefined ? 1 : 2)) {
    throw validationException(`Query condition missed key schema element: ${schema.sort}`);
  }
  if (ofPartition.is !== 'comparison' || ofPartition.by !== '=') throw notSupported();

  return { partitionValue: operandValue(ofPartition.operands[1], scope), ofSort };
};

const notSupported = () => validationException('Query key condition not supported');

const attributeOf = (part: Condition, scope: Scope): string => {
  const isOfKey =
    part.is === 'between' ||
    part.is === 'begins_with' ||
    (part.is === 'comparison' && part.by !== '<>');
  if (!isOfKey) throw notSupported();
  const [attribute] = part.operands;
  if (attribute?.of !== 'path' || attribute.path.length !== 1) throw notSupported();

  return nameOf(attribute.path[0], scope);
};

const checkTypes = (
  part: Condition,
  { types }: KeySchema,
  attribute: string,
  scope: Scope,
): void => {
  if (!('operands' in part)) throw notSupported();
  for (const operand of part.operands.slice(1)) {
    const value = operandValue(operand, scope);
    if (types[attribute] === undefined || types[attribute] === typeOf(value)) continue;
    const problem = 'Condition parameter type does not match schema type';
    throw validationException(`One or more parameter values were invalid: ${problem}`);
  }
};

const operandValue = (operand: Operand | undefined, { values }: Scope): unknown => {
  if (operand?.of !== 'value') throw notSupported();

  return values[operand.value];
};
