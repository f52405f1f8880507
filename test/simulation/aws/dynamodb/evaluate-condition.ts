import type { Comparator, Condition, Operand } from './conditions.ts';
import { validationException } from './exceptions.ts';
import { type Scope, valueAt } from './placeholders.ts';
import { areEqual, compare, type Item, typeOf } from './values.ts';

/** Whether an item meets a condition. No item is one without attributes. */
export const meets = (condition: Condition, item: Item | undefined, scope: Scope): boolean => {
  if ('all' in condition) {
    const isMet = (one: Condition) => meets(one, item, scope);

    return condition.is === 'and' ? condition.all.every(isMet) : condition.all.some(isMet);
  }
  if ('one' in condition) return !meets(condition.one, item, scope);

  const [value, ...others] = condition.operands.map((operand) => evaluate(operand, item, scope));
  const [other, last] = others;
  switch (condition.is) {
    case 'comparison':
      checkOrdered(condition, scope);

      return isTrue(condition.by, value, other);
    case 'between':
      return isTrue('>=', value, other) && isTrue('<=', value, last);
    case 'in':
      return others.some((each) => isTrue('=', value, each));
    case 'attribute_exists':
      return value !== undefined;
    case 'attribute_not_exists':
      return value === undefined;
    case 'attribute_type':
      return value !== undefined && typeOf(value) === other;
    case 'begins_with':
      return typeof value === 'string' && typeof other === 'string' && value.startsWith(other);
    case 'contains':
      return contains(value, other);
  }
};

/** The value of an operand; undefined if the item does not have the attribute. */
const evaluate = (operand: Operand, item: Item | undefined, scope: Scope): unknown => {
  if (operand.of === 'value') return scope.values[operand.value];
  const value = valueAt(item, operand.path, scope);

  return operand.of === 'path' ? value : sizeOfValue(value);
};

/** What `size` returns; undefined for a missing attribute and for a type without a size. */
const sizeOfValue = (value: unknown): number | undefined => {
  if (value === undefined) return undefined;
  switch (typeOf(value)) {
    case 'S':
    case 'B':
    case 'L':
      return (value as { readonly length: number }).length;
    case 'M':
      return Object.keys(value as object).length;
    default:
      return undefined;
  }
};

/** A missing attribute and a value of another type differ from everything, and are in no order. */
const isTrue = (by: Comparator, left: unknown, right: unknown): boolean => {
  if (by === '=') return left !== undefined && right !== undefined && areEqual(left, right);
  if (by === '<>') return left === undefined || right === undefined || !areEqual(left, right);
  const order = compare(left, right);
  if (order === undefined) return false;
  if (by === '<') return order < 0;
  if (by === '<=') return order <= 0;

  return by === '>' ? order > 0 : order >= 0;
};

const orderedTypes = ['S', 'N', 'B'];

/** DynamoDB rejects an order of a type that has none. */
const checkOrdered = (
  { by, operands }: Extract<Condition, { readonly is: 'comparison' }>,
  { values }: Scope,
): void => {
  if (by === '=' || by === '<>') return;
  for (const operand of operands) {
    if (operand.of !== 'value') continue;
    const type = typeOf(values[operand.value]);
    if (orderedTypes.includes(type)) continue;
    const problem = 'Incorrect operand type for operator or function';
    throw validationException(`${problem}; operator: ${by}, operand type: ${type}`);
  }
};

const contains = (value: unknown, part: unknown): boolean => {
  if (typeof value === 'string') return typeof part === 'string' && value.includes(part);

  return Array.isArray(value) && value.some((element) => areEqual(element, part));
};
