import { kebabCase } from '../../cdk/constructs/names.ts';
import { CliError } from '../cli/cli-error.ts';
import type { LocalStack } from './stack-descriptor.ts';

/** The file of `cdk deploy --outputs-file`: values by output key, by stack. */
export type OutputsFile = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Outputs = Readonly<Record<string, string>>;

/**
 * Merges the outputs of all stacks. An emulator silently deploys a resource type that it does not support and returns
 * `unknown` for its attributes. That throws a CliError.
 */
export const parseOutputs = (file: OutputsFile): Outputs => {
  const outputs = Object.values(file).flatMap((stack) => Object.entries(stack));
  const unusable = outputs.filter(([, value]) => value === '' || /\bunknown\b/.test(value));
  if (unusable.length > 0) {
    const keys = unusable.map(([key]) => key).join(', ');
    throw new CliError(
      `The deployment is not usable: the local AWS does not support the resources of ${keys}.`,
    );
  }
  return Object.fromEntries(outputs);
};

/** The outputs whose key matches the pattern, by the renamed first group. */
const renameKeys = (outputs: Outputs, pattern: RegExp, rename: (pascal: string) => string) =>
  Object.fromEntries(
    Object.entries(outputs).flatMap(([key, value]) => {
      const pascal = pattern.exec(key)?.[1];
      return pascal === undefined ? [] : [[rename(pascal), value]];
    }),
  );

export const camelCase = (pascal: string) => pascal.charAt(0).toLowerCase() + pascal.slice(1);

/** Table names by camelCase id. */
export const tablesOf = (outputs: Outputs) =>
  renameKeys(outputs, /^Table(\w+)$/, camelCase) as LocalStack['tables'];

const functionsOf = (outputs: Outputs) => renameKeys(outputs, /^Function(\w+)$/, kebabCase);

/** Queue URLs by the consumer's folder. */
export const queuesOf = (outputs: Outputs): LocalStack['queues'] => {
  const deadLetters = renameKeys(outputs, /^Queue(\w+)DeadLettersUrl$/, kebabCase);
  const urls = renameKeys(outputs, /^Queue(\w+?)(?<!DeadLetters)Url$/, kebabCase);

  return Object.fromEntries(
    Object.entries(urls).map(([consumer, url]) => [
      consumer,
      { url, deadLettersUrl: deadLetters[consumer] ?? '' },
    ]),
  );
};

/** The part of the descriptor that comes from the deployment. */
export const describeDeployment = (outputs: Outputs, endpoint: string) => {
  const output = (key: string) => {
    const value = outputs[key];
    if (value === undefined) throw new CliError(`The deployment has no output ${key}.`);
    return value;
  };

  return {
    // The host names of API Gateway do not resolve on this machine.
    apiUrl: `${endpoint}/_aws/execute-api/${output('ApiId')}/$default`,
    tables: tablesOf(outputs),
    eventBusName: output('EventBusName'),
    stateMachineArn: output('StateMachineArn'),
    notificationsSecretArn: output('NotificationsSecretArn'),
    pgWebhookSecretArn: output('PgWebhookSecretArn'),
    functions: functionsOf(outputs),
    queues: queuesOf(outputs),
  };
};
