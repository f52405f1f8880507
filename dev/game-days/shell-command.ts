import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient, RestoreTableFromBackupCommand } from '@aws-sdk/client-dynamodb';
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { CliError } from '../cli/cli-error.ts';
import { root } from '../cli/paths.ts';
import { runProcess } from '../cli/run-process.ts';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

/** The environment in which a command runs. */
export interface Shell {
  readonly stack: LocalStack;
  /** Path of the stack's descriptor, for commands of this repository. */
  readonly descriptor: string;
  /** An operator's token. */
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Returns the value of `$NAME` or `$(out NAME)`. */
type ResolveVariable = (name: string) => string | undefined;

/** Splits a shell line into words, removes quotes and expands variables. */
export const splitArguments = (line: string, resolve: ResolveVariable): string[] => {
  const expand = (text: string) =>
    text.replaceAll(/\$\(out (\w+)\)|\$(\w+)/g, (_, output, variable) => {
      const value = resolve(output ?? variable);
      if (value === undefined) throw new Error(`Undefined variable ${_}: ${line}`);

      return value;
    });

  return [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"|([^"']+)/g, (_, literal, quoted, plain) =>
      literal !== undefined ? literal : expand(quoted ?? plain),
    ),
  );
};

/** Resolves the variables of the runbook, which stand for outputs of the stack. */
const createVariableResolver = ({ stack, token }: Shell): ResolveVariable => {
  const functions = Object.entries(stack.functions).map(([folder, name]) => [
    `Function${pascalCase(folder)}`,
    name,
  ]);
  const variables = new Map([['API', stack.apiUrl], ['TOKEN', token], ...functions] as [
    string,
    string,
  ][]);

  return (name) => variables.get(name);
};

/**
 * Runs a line of the runbook and returns its output. npm scripts are started as processes. For curl and the AWS CLI,
 * which need not be installed, it sends the equivalent requests.
 */
export const runShellCommand = async (line: string, shell: Shell): Promise<string> => {
  const [program = '', ...args] = splitArguments(line, createVariableResolver(shell));
  const runProgram = { npm, curl, aws }[program];
  if (runProgram === undefined) throw new Error(`Unsupported command: ${line}`);

  return runProgram(args, shell);
};

/** The environment of a command, without variables that point to another stack. */
export const commandEnvironment = (descriptor: string, ours = process.env): NodeJS.ProcessEnv => {
  const { API_URL, TOKEN, ...rest } = ours;

  return { ...rest, AFTERCOMMIT_STACK: descriptor };
};

/** Runs `npm run <script> -- <arguments>` without npm, in half the time. */
const npm = async (args: string[], { descriptor, signal }: Shell): Promise<string> => {
  const [, name = '', , ...rest] = args;
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [node, ...script] = (scripts[name] ?? '').split(' ');
  if (node !== 'node') throw new Error(`npm run ${name} is not a Node script.`);
  const { code, lines } = await runProcess(process.execPath, [...script, ...rest], {
    cwd: root,
    // Many short commands: compiling the modules takes half of the time of each.
    env: {
      ...commandEnvironment(descriptor),
      NODE_COMPILE_CACHE: join(dirname(descriptor), 'compile-cache'),
    },
    signal,
  });
  const output = lines.join('\n');
  if (code !== 0) throw new CliError(output);

  return output;
};

const curl = async (args: string[], { signal }: Shell): Promise<string> => {
  const { values, positionals } = parseArgs({
    args,
    options: {
      silent: { type: 'boolean', short: 's' },
      header: { type: 'string', short: 'H', multiple: true, default: [] },
      data: { type: 'string', short: 'd' },
    },
    allowPositionals: true,
  });
  const [url = ''] = positionals;
  const answer = await fetch(url, {
    method: values.data === undefined ? 'GET' : 'POST',
    headers: values.header.map((header): [string, string] => {
      const [name = '', ...value] = header.split(': ');
      return [name, value.join(': ')];
    }),
    ...(values.data !== undefined && { body: values.data }),
    signal,
  });
  const text = await answer.text();
  if (!answer.ok) throw new CliError(`${url} answered ${answer.status}: ${text}`);

  return text;
};

/** Returns the whole response as JSON; the caller formats it, so --output and --query are ignored. */
const aws = async (args: string[], { stack }: Shell): Promise<string> => {
  const { values, positionals } = parseArgs({
    args,
    options: {
      'function-name': { type: 'string' },
      uuid: { type: 'string' },
      enabled: { type: 'boolean' },
      'target-table-name': { type: 'string' },
      'backup-arn': { type: 'string' },
      output: { type: 'string' },
      query: { type: 'string' },
    },
    allowPositionals: true,
  });
  const config = localClientConfig(stack.endpoint);
  const lambda = new LambdaClient(config);
  const call = {
    'lambda list-event-source-mappings': () =>
      lambda.send(new ListEventSourceMappingsCommand({ FunctionName: values['function-name'] })),
    'lambda update-event-source-mapping': () =>
      lambda.send(
        new UpdateEventSourceMappingCommand({ UUID: values.uuid, Enabled: values.enabled }),
      ),
    'dynamodb restore-table-from-backup': () =>
      new DynamoDBClient(config).send(
        new RestoreTableFromBackupCommand({
          TargetTableName: values['target-table-name'],
          BackupArn: values['backup-arn'],
        }),
      ),
  }[positionals.join(' ')];
  if (call === undefined) throw new Error(`Unsupported command: aws ${args.join(' ')}`);
  const { $metadata, ...answer } = await call();

  return JSON.stringify(answer);
};
