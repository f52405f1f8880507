import { NumberValueImpl } from '@aws-sdk/util-dynamodb';
import { parseStoredNumber } from '../../../../shared/config/document-values.ts';
import { notSimulated, validationException } from './exceptions.ts';

/**
 * A stored item: plain values, deeply frozen. A number that a double does not hold exactly is a NumberValue
 * (the SDK's class), and readers get its text, as from the service's document client.
 */
export type Item = Readonly<Record<string, unknown>>;

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS';

/** The type of a value in DynamoDB. Throws for a value that the SDK cannot marshall, and for sets of numbers. */
export const typeOf = (value: unknown): AttributeType => {
  if (typeof value === 'string') return 'S';
  if (typeof value === 'number' || typeof value === 'bigint') return 'N';
  if (typeof value === 'boolean') return 'BOOL';
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return 'L';
  if (value instanceof NumberValueImpl) return 'N';
  if (value instanceof Uint8Array) return 'B';
  if (value instanceof Set) return 'SS';
  if (isMap(value)) return 'M';
  throw new Error(`Unsupported type passed: ${String(value)}`);
};

type Fields = Record<string, unknown>;

export const isMap = (value: unknown): value is Fields => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);

  return prototype === Object.prototype || prototype === null;
};

/**
 * The objects that `toStored` made, with upper bounds of their sizes in bytes. They are frozen, so items share
 * them. An item whose bound is within the limit needs no exact size.
 */
const storedObjects = new WeakMap<object, number>();

/** Those of them that hold a NumberValue. */
const holdersOfBigNumbers = new WeakSet<object>();

/**
 * Copies a value and freezes the copy, without its undefined members. Parts that were read from a table are
 * shared. Throws for a value that the SDK cannot marshall.
 */
export const toStored = <T>(value: T): T => copyOf(value) as T;

const copyOf = (value: unknown): unknown => {
  if (typeof value === 'number') return toStoredNumber(value);
  if (typeof value !== 'object' || value === null) {
    typeOf(value);

    return typeof value === 'bigint' ? parseNumber(`${value}`) : value;
  }
  if (storedObjects.has(value)) return value;
  if (value instanceof NumberValueImpl) return parseNumber(value.toString());
  if (value instanceof Set) throw notSimulated('sets');
  if (value instanceof Uint8Array) return value;

  return Array.isArray(value) ? listOf(value) : mapOf(value);
};

const listOf = (list: readonly unknown[]): readonly unknown[] => {
  const copy = list.filter((element) => element !== undefined).map(copyOf);

  return stored(copy, copy, 0);
};

const mapOf = (map: object): Fields => {
  if (!isMap(map)) throw new Error(`Unsupported type passed: ${String(map)}`);
  const copy: Fields = {};
  const members: unknown[] = [];
  let nameBound = 0;
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (value === undefined) continue;
    const member = copyOf(value);
    members.push(member);
    nameBound += name.length * 3;
    setMember(copy, name, member);
  }

  return stored(copy, members, nameBound);
};

const stored = <T extends object>(copy: T, members: readonly unknown[], nameBound: number): T => {
  let bound = 3 + nameBound;
  for (const member of members) {
    bound += 1 + boundOf(member);
    if (holdsBigNumber(member)) holdersOfBigNumbers.add(copy);
  }
  storedObjects.set(copy, bound);

  return Object.freeze(copy);
};

/** Also for a member called `__proto__`. */
export const setMember = (map: Fields, name: string, value: unknown): void => {
  if (name === '__proto__') {
    const options = { value, enumerable: true, writable: true, configurable: true };
    Object.defineProperty(map, name, options);
  } else map[name] = value;
};

/** The most bytes that a stored value can have; infinite for an object that is not stored. */
export const boundOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length * 3;
  if (typeof value !== 'object' || value === null || value instanceof NumberValueImpl) {
    return maxNumberBytes;
  }
  if (value instanceof Uint8Array) return value.length;

  return storedObjects.get(value) ?? Number.POSITIVE_INFINITY;
};

/** A number of 38 digits with its sign. */
const maxNumberBytes = 21;

const toStoredNumber = (number: number): number => {
  if (!Number.isFinite(number)) throw new Error(`Special numeric value ${number} is not allowed`);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) {
    throw new Error(`Number ${number} is greater than Number.MAX_SAFE_INTEGER. Use NumberValue.`);
  }

  return number === 0 ? 0 : number;
};

/** A number of DynamoDB JSON: a number if that is exact. */
export const parseNumber = (text: string): number | NumberValueImpl => {
  const number = parseStoredNumber(text);

  return typeof number === 'number' ? number : NumberValueImpl.from(text);
};

/** What a reader gets of an item: the stored object itself, unless a number in it is returned as text. */
export const toReader = <T>(value: T): T => readerOf(value) as T;

const readerOf = (value: unknown): unknown => {
  if (!holdsBigNumber(value)) return value;
  if (value instanceof NumberValueImpl) return value.toString();
  if (Array.isArray(value)) return Object.freeze(value.map(readerOf));
  const copy: Fields = {};
  for (const [name, member] of Object.entries(value as Fields)) {
    setMember(copy, name, readerOf(member));
  }

  return Object.freeze(copy);
};

const holdsBigNumber = (value: unknown): boolean =>
  value instanceof NumberValueImpl ||
  (typeof value === 'object' && value !== null && holdersOfBigNumbers.has(value));

/** Equality of `=`: of type and value, in lists and maps too. */
export const areEqual = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return false;
  }
  if (left instanceof NumberValueImpl || right instanceof NumberValueImpl) {
    return left.toString() === right.toString() && typeOf(left) === typeOf(right);
  }
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);

  return (
    names.length === Object.keys(right).length &&
    names.every(
      (name) =>
        Object.hasOwn(right, name) && areEqual((left as Fields)[name], (right as Fields)[name]),
    )
  );
};

/** The order of two strings or two numbers: negative, 0 or positive; undefined for other types. */
export const compare = (left: unknown, right: unknown): number | undefined => {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (left === undefined || right === undefined) return undefined;
  if (typeOf(left) === 'N' && typeOf(right) === 'N') return Number(left) - Number(right);

  return undefined;
};

/** Strings are ordered by their UTF-8 bytes. */
export const compareText = (left: string, right: string): number => {
  if (left === right) return 0;
  if (hasSurrogate.test(left) || hasSurrogate.test(right)) {
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }

  return left < right ? -1 : 1;
};

const hasSurrogate = /[\ud800-\udfff]/;

/** The sum or difference of two numbers. Integers of any size are exact. */
export const add = (left: unknown, right: unknown, sign: 1 | -1): number | NumberValueImpl => {
  if (left === undefined || right === undefined || typeOf(left) !== 'N' || typeOf(right) !== 'N') {
    throw validationException('An operand in the update expression has an incorrect data type');
  }
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + sign * right;
    if (Number.isSafeInteger(sum) && Number.isInteger(left)) return sum;
  }
  const [first, second] = [`${left}`, `${right}`];
  if (!/^-?\d+$/.test(first) || !/^-?\d+$/.test(second)) {
    throw notSimulated('arithmetic of numbers that are not integers');
  }

  return parseNumber(`${BigInt(first) + BigInt(sign) * BigInt(second)}`);
};
