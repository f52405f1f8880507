import { notSimulated } from './exceptions.ts';
import {
  type Expression,
  nameOf,
  type Path,
  type Scope,
  takePath,
  valueAt,
} from './placeholders.ts';
import { Tokens } from './tokenizer.ts';
import { type Item, isMap, setMember, toStored } from './values.ts';

export interface ProjectionExpression extends Expression {
  readonly paths: readonly Path[];
}

/** Parses a projection expression. */
export const parseProjection = (text: string): ProjectionExpression => {
  const kind = 'ProjectionExpression';
  const tokens = new Tokens(kind, text);
  const paths = tokens.list(() => takePath(tokens));
  tokens.end();
  if (paths.flat().some((part) => typeof part === 'number')) {
    throw notSimulated('a projection of list elements');
  }

  return { kind, used: tokens.used, paths };
};

/** The attributes of an item that a projection names. */
export const projected = ({ paths }: ProjectionExpression, item: Item, scope: Scope): Item => {
  const selection: Record<string, unknown> = {};
  for (const path of paths) {
    const value = valueAt(item, path, scope);
    if (value === undefined) continue;
    const names = path.map((part) => nameOf(part, scope));
    const last = names.pop() as string;
    setMember(mapAt(selection, names), last, value);
  }

  return toStored(selection);
};

const mapAt = (root: Record<string, unknown>, names: readonly string[]) => {
  let map = root;
  for (const name of names) {
    const inner = Object.hasOwn(map, name) && isMap(map[name]) ? map[name] : {};
    setMember(map, name, inner);
    map = inner;
  }

  return map;
};
