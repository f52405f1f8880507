import { kebabCase } from '../../cdk/constructs/names.ts';
import { CliError } from '../cli/cli-error.ts';
import type { LocalStack } from './stack-descriptor.ts';

/** What `cdk deploy --outputs-file` writes: values by output key, by stack. */
export type OutputsFile = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Outputs = Readonly<Record<string, string>>;

/**
 * All outputs of all stacks. An emulator that does not know a resource deploys it without a word
 * and answers `unknown` for its attributes: such a deployment is none.
 */
export const parseOutputs = (file: OutputsFile): Outputs => {
  const outputs = Object.values(file).flatMap((stack) => Object.entries(stack));
  const unusable = outputs.filter(([, value]) => value === '' || /\bunknown\b/.test(value));
  if (unusable.length > 0) {
    const keys = unusable.map(([key]) => key).join(', ');
    throw new CliError(
      `The deployment is not usable: the local AWS does not know what stands behind ${keys}.`,
    );
  }
  return Object.fromEntries(outputs);
};

/** Names by what follows a prefix in the outputs' keys. */
const renameKeys = (outputs: Outputs, pattern: RegExp, rename: (pascal: string) => string) =>
  Object.fromEntries(
    Object.entries(outputs).flatMap(([key, value]) => {
      const pascal = pattern.exec(key)?.[1];
      return pascal === undefined ? [] : [[rename(pascal), value]];
    }),
  );

const camelCase = (pascal: string) => pascal.charAt(0).toLowerCase() + pascal.slice(1);

/** Tables by their camelCase names. */
export const tablesOf = (outputs: Outputs) =>
  renameKeys(outputs, /^Table(\w+)$/, camelCase) as LocalStack['tables'];

const functionsOf = (outputs: Outputs) => renameKeys(outputs, /^Function(\w+)$/, kebabCase);

const queuesOf = (outputs: Outputs): LocalStack['queues'] => {
  const deadLetters = renameKeys(outputs, /^Queue(\w+)DeadLettersUrl$/, kebabCase);
  const urls = renameKeys(outputs, /^Queue(\w+?)(?<!DeadLetters)Url$/, kebabCase);

  return Object.fromEntries(
    Object.entries(urls).map(([consumer, url]) => [
      consumer,
      { url, deadLettersUrl: deadLetters[consumer] ?? '' },
    ]),
  );
};

/** The part of the descriptor that the deployment knows. */
export const describeDeployment = (outputs: Outputs, endpoint: string) => {
  const output = (key: string) => {
    const value = outputs[key];
    if (value === undefined) throw new CliError(`The deployment has no output ${key}.`);
    return value;
  };

  return {
    // The names that API Gateway gives do not resolve on this machine.
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
