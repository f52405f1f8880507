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
  /** The local AWS itself. */
  endpoint: z.url(),
  region: name,
  accountId: name,
  tables: z.record(z.enum(tableNames), name),
  eventBusName: name,
  stateMachineArn: name,
  notificationsSecretArn: name,
  pgWebhookSecretArn: name,
  simulatorUrl: z.url(),
  /** Takes a PUT of `{listening: boolean}`: whether the simulator takes connections. Only beside the local AWS. */
  simulatorSwitchUrl: z.url().optional(),
  issuer: z.url(),
  /** Takes a POST of `{sub, scope?, aud?, expiresInSeconds?}`, gives `{access_token}`. */
  tokenUrl: z.url(),
  /** Each function's name, by its folder. */
  functions: z.record(z.string(), name),
  /** By the folder of the function that reads the queue. */
  queues: z.record(z.string(), z.object({ url: z.url(), deadLettersUrl: z.url() })),
  sinks: z.object({ dataPlatformUrl: z.url(), notificationsUrl: z.url() }),
});

/** Where everything of a running stack is: what `npm start` writes for tests and tools. */
export type LocalStack = z.infer<typeof stackSchema>;

/** The stack of `npm start`. */
export const stackFile = join(root, '.local', 'stack.json');

export const writeStack = (stack: LocalStack, file = stackFile): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(stackSchema.parse(stack), null, 2)}\n`);
};

export const readStack = (file = stackFile): LocalStack => {
  const displayPath = relative(root, file);
  if (!existsSync(file)) {
    throw new CliError(
      `No stack is running (there is no ${displayPath}): run npm start in another terminal.`,
    );
  }

  const parsed = stackSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    throw new CliError(
      `${displayPath} is not from this version: run npm start again.\n${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
};

export const currentDescriptor = (): string => process.env.AFTERCOMMIT_STACK || stackFile;

/** True when the stack that a descriptor tells of is there; a killed one leaves its descriptor behind. */
export const isRunning = ({ endpoint }: LocalStack): Promise<boolean> =>
  fetch(`${endpoint}/_ministack/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** The stack of `npm start`, or that of the descriptor that AFTERCOMMIT_STACK names, for a command that needs it now. */
export const runningStack = async (): Promise<LocalStack> => {
  const stack = readStack(currentDescriptor());
  if (await isRunning(stack)) return stack;

  throw new CliError(
    `No stack is running at ${stack.endpoint} any more: run npm start in another terminal.`,
  );
};
