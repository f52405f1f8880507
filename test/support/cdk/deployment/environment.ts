import { parseQueueNames } from '../../../../shared/application/dead-letters/queue-names.ts';
import { type Fields, invokedFunctionOf, resourceNameOf, toText, valueAt } from '../intrinsics.ts';
import type { Resource, Synthesis } from '../synthesis.ts';

/** The resources that a variable may name, by the end of its name. */
const namedByVariable: readonly (readonly [RegExp, string])[] = [
  [/_TABLE$/, 'AWS::DynamoDB::Table'],
  [/QUEUE_URL$/, 'AWS::SQS::Queue'],
  [/^EVENT_BUS_NAME$/, 'AWS::Events::EventBus'],
  [/_SECRET_ARN$/, 'AWS::SecretsManager::Secret'],
  [/_FUNCTION$/, 'AWS::Lambda::Function'],
  // A simulator: `SimulateGatewayApi.ApiEndpoint`.
  [/_URL$/, 'AWS::ApiGatewayV2::Api'],
];

/**
 * The variables of a function. Throws an error that names a variable whose value refers to a resource, if the stacks
 * have no such resource of the kind that the variable's name promises.
 */
export const readEnvironment = (
  synthesis: Synthesis,
  { name: id, properties, rawProperties }: Resource,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries((valueAt(properties, 'Environment.Variables') ?? {}) as Fields).map(
      ([name, value]) => {
        // Plain text in the template refers to nothing in it.
        const isReference =
          typeof valueAt(rawProperties, `Environment.Variables.${name}`) !== 'string';
        const text = toText(value);

        return [name, isReference ? resolveVariable(synthesis, `${id}.${name}`, name, text) : text];
      },
    ),
  );

const resolveVariable = (synthesis: Synthesis, place: string, name: string, text: string) => {
  if (name === 'DEAD_LETTERS') return resolveQueueNames(synthesis, place, text);
  const type = namedByVariable.find(([pattern]) => pattern.test(name))?.[1];
  if (type === undefined) throw new Error(`${place} refers to ${text} by an unknown variable.`);
  if (type === 'AWS::Lambda::Function')
    return resolveName(synthesis, place, type, invokedFunctionOf(text));
  if (type !== 'AWS::ApiGatewayV2::Api') return resolveName(synthesis, place, type, text);
  resolveName(synthesis, place, type, text.replace(/\.ApiEndpoint(?:\/.*)?$/, ''));

  return text;
};

/** The names in the variable that lists the dead-letter queues, as SQS knows them here. */
const resolveQueueNames = (synthesis: Synthesis, place: string, text: string): string => {
  const resolve = (name: string) => resolveName(synthesis, place, 'AWS::SQS::Queue', name);

  return JSON.stringify(
    parseQueueNames(text).map(({ deadLetters, queue, ...rest }) => ({
      ...rest,
      deadLetters: resolve(deadLetters),
      ...(queue !== undefined && { queue: resolve(queue) }),
    })),
  );
};

const resolveName = ({ all }: Synthesis, place: string, type: string, text: string): string => {
  const found = resourceNameOf(text);
  if (all(type).every(({ name }) => name !== found))
    throw new Error(`${place} refers to ${text}, but there is no such ${type}.`);

  return found;
};
