import { type Fields, toText } from '../intrinsics.ts';
import type { RuleTarget } from './event-rules.ts';

/**
 * What a target receives of an event: the event itself, or what its transformer makes of it. Throws on JSON paths
 * other than the dotted ones, and on a template that gives no JSON.
 */
export const targetInput = ({ inputFields }: Pick<RuleTarget, 'inputFields'>, event: unknown) => {
  const { Input, InputPath, InputTransformer } = inputFields;
  if (InputTransformer !== undefined) return transform(InputTransformer as Fields, event);
  if (InputPath !== undefined) return valueAtPath(toText(InputPath), event);

  return Input === undefined ? event : (JSON.parse(toText(Input)) as unknown);
};

const transform = ({ InputPathsMap = {}, InputTemplate }: Fields, event: unknown): unknown => {
  const paths = InputPathsMap as Readonly<Record<string, string>>;
  const filled = toText(InputTemplate).replaceAll(/(")?<([^<>"]+)>/g, (_, quote, name: string) => {
    const path = paths[name];
    if (quote !== undefined || path === undefined)
      throw new Error(`The template ${toText(InputTemplate)} is not supported at <${name}>.`);

    // EventBridge fills in an empty text for what the event does not have.
    return JSON.stringify(valueAtPath(path, event) ?? '');
  });

  return JSON.parse(filled);
};

const valueAtPath = (path: string, event: unknown): unknown => {
  if (!/^\$(?:\.[\w-]+)*$/.test(path)) throw new Error(`The path ${path} is not supported.`);

  return path
    .split('.')
    .slice(1)
    .reduce<unknown>(
      (found, name) =>
        found !== null && typeof found === 'object'
          ? (found as Readonly<Record<string, unknown>>)[name]
          : undefined,
      event,
    );
};
