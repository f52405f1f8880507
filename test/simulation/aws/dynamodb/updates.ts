import { notSimulated, validationException } from './exceptions.ts';
import {
  type Expression,
  nameOf,
  type Path,
  type Scope,
  takePath,
  takeValue,
  valueAt,
} from './placeholders.ts';
import { Tokens } from './tokenizer.ts';
import { add, type Item, setMember, toStored } from './values.ts';

type Value =
  | { readonly of: 'path'; readonly path: Path }
  | { readonly of: 'value'; readonly value: string }
  | { readonly of: 'if_not_exists'; readonly path: Path; readonly otherwise: Value }
  | { readonly of: 'list_append' | '+' | '-'; readonly left: Value; readonly right: Value };

interface Action {
  readonly verb: 'SET' | 'ADD' | 'REMOVE';
  readonly path: Path;
  readonly value?: Value;
}

export interface UpdateExpression extends Expression {
  readonly actions: readonly Action[];
}

/** Parses an update expression. */
export const parseUpdate = (text: string): UpdateExpression => {
  const kind = 'UpdateExpression';
  const tokens = new Tokens(kind, text);
  const actions: Action[] = [];
  const verbs = new Set<string>();
  while (tokens.next !== undefined) {
    const verb = tokens.take().toUpperCase();
    if (verb === 'DELETE') throw notSimulated('DELETE of set elements');
    if (!isVerb(verb)) throw tokens.syntaxError();
    if (verbs.has(verb)) {
      throw tokens.invalid(`The "${verb}" section can only be used once in an update expression;`);
    }
    verbs.add(verb);
    actions.push(...tokens.list(() => takeAction(tokens, verb)));
  }

  return { kind, used: tokens.used, actions };
};

const isVerb = (verb: string): verb is Action['verb'] => ['SET', 'ADD', 'REMOVE'].includes(verb);

const takeAction = (tokens: Tokens, verb: Action['verb']): Action => {
  const path = takePath(tokens);
  if (path.length > 1) throw notSimulated('an update of a nested path');
  if (verb === 'REMOVE') return { verb, path };
  if (verb === 'ADD') return { verb, path, value: { of: 'value', value: takeValue(tokens) } };
  tokens.expect('=');
  const value = takeOperand(tokens);
  const operator = tokens.next;
  if (operator !== '+' && operator !== '-') return { verb, path, value };
  tokens.take();
  const right = takeOperand(tokens);

  return { verb, path, value: { of: operator, left: value, right } };
};

const takeOperand = (tokens: Tokens): Value => {
  if (tokens.next?.startsWith(':')) return { of: 'value', value: takeValue(tokens) };
  if (tokens.next === 'if_not_exists') {
    const [path, otherwise] = takeArguments(tokens, () => takePath(tokens));

    return { of: 'if_not_exists', path, otherwise };
  }
  if (tokens.next === 'list_append') {
    const [left, right] = takeArguments(tokens, () => takeOperand(tokens));

    return { of: 'list_append', left, right };
  }

  return { of: 'path', path: takePath(tokens) };
};

const takeArguments = <T>(tokens: Tokens, takeFirst: () => T): [T, Value] => {
  tokens.take();
  tokens.expect('(');
  const first = takeFirst();
  tokens.expect(',');
  const second = takeOperand(tokens);
  tokens.expect(')');

  return [first, second];
};

/**
 * The item after an update. Each value is computed from the item before. Throws a ValidationException if two
 * actions are on one attribute, an action is on the key, or a value has the wrong type.
 */
export const updatedItem = (
  { actions }: UpdateExpression,
  item: Item,
  keyAttributes: readonly string[],
  scope: Scope,
): Item => {
  const after: Record<string, unknown> = { ...item };
  const changed = new Set<string>();
  for (const { verb, path, value } of actions) {
    const name = nameOf(path[0], scope);
    checkTarget(name, changed, keyAttributes);
    changed.add(name);
    if (value === undefined) delete after[name];
    else {
      const operand = computed(value, item, scope);
      const { [name]: before = 0 } = item;
      setMember(after, name, verb === 'ADD' ? add(before, operand, 1) : operand);
    }
  }

  return toStored(after);
};

const checkTarget = (
  name: string,
  changed: ReadonlySet<string>,
  keyAttributes: readonly string[],
): void => {
  if (changed.has(name)) {
    throw validationException(
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one ' +
        `of these paths; path one: [${name}], path two: [${name}]`,
    );
  }
  if (keyAttributes.includes(name)) {
    throw validationException(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
};

const computed = (value: Value, item: Item, scope: Scope): unknown => {
  switch (value.of) {
    case 'value':
      return scope.values[value.value];
    case 'path':
      return existing(valueAt(item, value.path, scope));
    case 'if_not_exists': {
      const found = valueAt(item, value.path, scope);

      return found === undefined ? computed(value.otherwise, item, scope) : found;
    }
    case 'list_append':
      return appended(computed(value.left, item, scope), computed(value.right, item, scope));
    default: {
      const sign = value.of === '+' ? 1 : -1;

      return add(computed(value.left, item, scope), computed(value.right, item, scope), sign);
    }
  }
};

const existing = (value: unknown): unknown => {
  if (value !== undefined) return value;
  throw validationException(
    'The provided expression refers to an attribute that does not exist in the item',
  );
};

const appended = (left: unknown, right: unknown): unknown => {
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  throw validationException('An operand in the update expression has an incorrect data type');
};
