import { validationException } from './exceptions.ts';
import type { Tokens, Used } from './tokenizer.ts';
import { type Item, isMap, toStored } from './values.ts';

/** A document path as written: attribute names or `#placeholders`, and positions in lists. */
export type Path = readonly (string | number)[];

/** What the expressions of one request are evaluated with. */
export interface Scope {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Expression {
  readonly kind: string;
  readonly used: Used;
}

/** Takes a path such as `#status` or `lines[0].sku`. */
export const takePath = (tokens: Tokens): Path => {
  const attribute = takeName(tokens);
  tokens.used.attributes.add(attribute);
  const path: (string | number)[] = [attribute];
  for (;;) {
    if (tokens.takeIf('.')) path.push(takeName(tokens));
    else if (tokens.takeIf('[')) {
      const position = tokens.take();
      if (!/^\d+$/.test(position)) throw tokens.syntaxError();
      path.push(Number(position));
      tokens.expect(']');
    } else return path;
  }
};

const takeName = (tokens: Tokens): string => {
  const name = tokens.next ?? '';
  if (!/^(#\w+|[A-Za-z]\w*)$/.test(name)) throw tokens.syntaxError();
  if (name.startsWith('#')) tokens.used.names.add(name);

  return tokens.take();
};

export const takeValue = (tokens: Tokens): string => {
  if (!tokens.next?.startsWith(':')) throw tokens.syntaxError();
  tokens.used.values.add(tokens.next);

  return tokens.take();
};

/** The attribute that a part of a path names. */
export const nameOf = (part: string | number | undefined, { names }: Scope): string => {
  const text = `${part}`;

  return text.startsWith('#') ? (names[text] as string) : text;
};

/** The value at a path; undefined if the item has none. */
export const valueAt = (item: Item | undefined, path: Path, scope: Scope): unknown => {
  let found: unknown = item;
  for (const part of path) {
    if (typeof part === 'number') found = Array.isArray(found) ? found[part] : undefined;
    else {
      const name = nameOf(part, scope);
      found = isMap(found) && Object.hasOwn(found, name) ? found[name] : undefined;
    }
  }

  return found;
};

export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

const none = {};

/**
 * The scope of a request's expressions. Throws a ValidationException if an expression uses a placeholder that
 * is not defined, or if none uses a defined one.
 */
export const scopeOf = (
  { ExpressionAttributeNames: names, ExpressionAttributeValues: values }: Placeholders,
  expressions: readonly (Expression | undefined)[],
): Scope => {
  checkPresence('ExpressionAttributeNames', names, expressions);
  checkPresence('ExpressionAttributeValues', values, expressions);
  const scope = { names: names ?? none, values: values === undefined ? none : toStored(values) };
  for (const expression of expressions) checkDefined(scope, expression);
  checkUsed('ExpressionAttributeNames', scope.names, expressions, 'names');
  checkUsed('ExpressionAttributeValues', scope.values, expressions, 'values');

  return scope;
};

const checkPresence = (
  parameter: string,
  given: object | undefined,
  expressions: readonly (Expression | undefined)[],
): void => {
  if (given === undefined) return;
  if (Object.keys(given).length === 0) throw validationException(`${parameter} must not be empty`);
  if (expressions.every((expression) => expression === undefined)) {
    throw validationException(`${parameter} can only be specified when using expressions`);
  }
};

const checkDefined = (scope: Scope, expression: Expression | undefined): void => {
  if (expression === undefined) return;
  const { kind, used } = expression;
  for (const name of used.names) {
    if (typeof scope.names[name] !== 'string') {
      const problem = 'An expression attribute name used in the document path is not defined';
      throw validationException(`Invalid ${kind}: ${problem}; attribute name: ${name}`);
    }
  }
  for (const value of used.values) {
    if (scope.values[value] === undefined) {
      const problem = 'An expression attribute value used in expression is not defined';
      throw validationException(`Invalid ${kind}: ${problem}; attribute value: ${value}`);
    }
  }
};

const checkUsed = (
  parameter: string,
  given: object,
  expressions: readonly (Expression | undefined)[],
  kind: 'names' | 'values',
): void => {
  const unused = Object.keys(given).filter(
    (placeholder) => !expressions.some((expression) => expression?.used[kind].has(placeholder)),
  );
  if (unused.length > 0) {
    const keys = `keys: {${unused.join(', ')}}`;
    throw validationException(`Value provided in ${parameter} unused in expressions: ${keys}`);
  }
};
