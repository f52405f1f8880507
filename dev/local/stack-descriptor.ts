import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../shared/domain/json.ts';
import { CliError } from '../cli/cli-error.ts';
import { root } from '../cli/paths.ts';

const tableNames = [
  'orders',
  'payments',
  'refunds',
  'reviews',
  'balances',
  'products',
  'coupons',
  'compensations',
  'idempotency',
  'loyaltyPoints',
  'rankings',
  'deliveries',
  'audits',
] as const;

const name = z.string().min(1);

const stackSchema = z.object({
  apiUrl: z.url(),
  /** Endpoint of the local AWS. */
  endpoint: z.url(),
  region: name,
  accountId: name,
  tables: z.record(z.enum(tableNames), name),
  eventBusName: name,
  stateMachineArn: name,
  notificationsSecretArn: name,
  pgWebhookSecretArn: name,
  simulatorUrl: z.url(),
  /** Accepts a PUT of `{listening: boolean}`, which opens or closes the simulator's port. Only with MiniStack. */
  simulatorSwitchUrl: z.url().optional(),
  issuer: z.url(),
  /** Accepts a POST of `{sub, scope?, aud?, expiresInSeconds?}`, returns `{access_token}`. */
  tokenUrl: z.url(),
  /** Function names by folder. */
  functions: z.record(z.string(), name),
  /** Queue URLs by the consumer's folder. */
  queues: z.record(z.string(), z.object({ url: z.url(), deadLettersUrl: z.url() })),
  sinks: z.object({ dataPlatformUrl: z.url(), notificationsUrl: z.url() }),
});

/** Names and addresses of a running stack, written by `npm start` for tests and tools. */
export type LocalStack = z.infer<typeof stackSchema>;

/** The descriptor that `npm start` writes. */
export const stackFile = join(root, '.local', 'stack.json');

export const writeStack = (stack: LocalStack, file = stackFile): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(stackSchema.parse(stack), null, 2)}\n`);
};

export const readStack = (file = stackFile): LocalStack => {
  const displayPath = relative(root, file);
  if (!existsSync(file)) {
    throw new CliError(
      `No stack is running (${displayPath} does not exist): run npm start in another terminal.`,
    );
  }

  const parsed = stackSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    throw new CliError(
      `${displayPath} is from another version: run npm start again.\n${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
};

export const currentDescriptor = (): string => process.env.AFTERCOMMIT_STACK || stackFile;

/** Whether the stack answers. A killed stack leaves its descriptor behind. */
export const isRunning = ({ endpoint }: LocalStack): Promise<boolean> =>
  fetch(`${endpoint}/_ministack/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Reads the descriptor of `npm start`, or the one in AFTERCOMMIT_STACK. Throws a CliError if the stack is not running. */
export const runningStack = async (): Promise<LocalStack> => {
  const stack = readStack(currentDescriptor());
  if (await isRunning(stack)) return stack;

  throw new CliError(
    `The stack at ${stack.endpoint} is no longer running: run npm start in another terminal.`,
  );
};
