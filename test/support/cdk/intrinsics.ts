export type Json = string | number | boolean | null | readonly Json[] | Fields;
export interface Fields {
  readonly [name: string]: Json;
}

export interface Scope {
  /** Resource names by logical id, and the values of parameters. */
  readonly names: ReadonlyMap<string, string>;
  /** Resolved exports of other stacks. */
  readonly exported: ReadonlyMap<string, string>;
  /** A resolved output of a nested stack, or undefined if the id is that of another resource. */
  readonly nestedOutput?: (id: string, output: string) => string | undefined;
}

/** Resolves CloudFormation references to resource names, and Fn::Join. */
export const resolveReferences = (value: Json, scope: Scope): Json => {
  if (isList(value)) return value.map((one) => resolveReferences(one, scope));
  if (value === null || typeof value !== 'object') return value;

  const {
    Ref: ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
    'Fn::ImportValue': exported,
  } = value;
  if (typeof ref === 'string') return scope.names.get(ref) ?? ref;
  if (isList(attribute)) {
    const [id = '', name = ''] = attribute.map(toText);

    return (
      scope.nestedOutput?.(id, name.replace('Outputs.', '')) ?? `${scope.names.get(id)}.${name}`
    );
  }
  if (isList(join)) {
    const [separator, parts] = join.map((part) => resolveReferences(part, scope));

    return toList(parts).map(toText).join(toText(separator));
  }
  if (typeof exported === 'string') return scope.exported.get(exported) ?? exported;

  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, resolveReferences(field, scope)]),
  );
};

/** The value at a path such as `Targets.0.Arn`, or undefined. */
export const valueAt = (value: Json | undefined, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>(
      (found, name) =>
        found !== null && typeof found === 'object' ? (found as Fields)[name] : undefined,
      value,
    );

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** A list; CloudFormation allows a single value for a list of one. */
export const toList = (value: Json | undefined): readonly Json[] => {
  if (value === undefined) return [];

  return isList(value) ? value : [value];
};

export const toText = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** The number at a path, or the given default of AWS. Throws if the template has neither. */
export const numberAt = (value: Json | undefined, path: string, byDefault?: number): number => {
  const number = optionalNumberAt(value, path) ?? byDefault;
  if (number === undefined) throw new Error(`The template has no ${path} in ${toText(value)}.`);

  return number;
};

/** The number at a path, or undefined. Throws if the value is not a number. */
export const optionalNumberAt = (value: Json | undefined, path: string): number | undefined => {
  const found = valueAt(value, path);
  if (found === undefined) return undefined;
  if (found === '' || !Number.isFinite(Number(found)))
    throw new Error(`${path} is ${toText(found)}, which is not a number.`);

  return Number(found);
};

/** The name of the resource that a resolved reference names: `Payments.Arn/index/byDue` is `Payments/index/byDue`. */
export const resourceNameOf = (reference: Json | undefined): string =>
  toText(reference ?? '').replace(/\.(?:StreamArn|Arn|Id|QueueName)\b/, '');

/** The name of the function that a resolved reference invokes, directly or by its alias. */
export const invokedFunctionOf = (reference: Json | undefined): string =>
  resourceNameOf(reference).replace(/\/Live$/, '');
