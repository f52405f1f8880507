import { operatorScope } from '../shared/http/routes.ts';
import { abortOnSignal } from './cli/abort-on-signal.ts';
import { CliError, rethrowAwsError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { requestToken } from './local/issuer.ts';
import { runningStack } from './local/stack-descriptor.ts';
import { formatErasure, openErasure, parseEraseOptions } from './ops/erase-buyer.ts';
import { formatDeadLetters, formatQueueReports } from './ops/format-dead-letters.ts';
import { formatPayment } from './ops/format-payment.ts';
import { formatGatewayQuestions } from './ops/gateway-questions.ts';
import { createOperatorApi } from './ops/operator-api.ts';
import { reconcileStack, reconcileStage } from './ops/reconcile-stack.ts';
import { requireReason } from './ops/require-reason.ts';
import { openRestore, prepareRestoredTables } from './ops/restored-tables.ts';
import { createLocalProbe, createStageProbe } from './ops/stack-probe.ts';
import { manageStock, openStock } from './ops/stock.ts';
import { renderTo, watch } from './ops/watch.ts';

const usage = `npm run ops -- <command>
  payment <id>                                   timeline and pending actions of a payment
  dlq                                            every dead-letter queue and its first messages
  dlq redrive <consumer> --reason …              dry run of a redrive; --execute performs it
  dlq delete <consumer> --reason …               dry run of a deletion; --execute performs it
    --payment <id>  --event <name>  --older-than <seconds>  --limit <number>  --rate <per second>
  These call the local stack, or the API at API_URL with the operator's token in TOKEN.

  stock <sku>                                    stock of a product in each of its shards
  stock <sku> --shards <number>                  sets the number of shards and spreads the units, while payments run
    --stage <name>
  This reads and writes the table of products of the local stack, or with --stage that of a stage, with your AWS credentials.

  restored-tables <suffix>                       completes the tables of a restore; prints the context restoredTables
  gateway-questions                              what must be asked at the gateway after a restore
    --stage <name>
  docs/runbook.md, "Restore to a second", says when.

  erase-buyer --user <id> --reason …             dry run of the erasure of a buyer; --execute performs it
    --stage <name>  --actor <your name>
  This reads and writes the tables of the local stack, or with --stage those of a stage, with your AWS credentials.

  watch                                          payments, backlog and queues, until Ctrl-C
    --every <seconds>  --count <number>
  It reads tables and queues of the local stack, or with --stage sandbox those of a sandbox, with your AWS credentials.`;

const options = {
  execute: { type: 'boolean', default: false },
  reason: { type: 'string' },
  payment: { type: 'string' },
  event: { type: 'string' },
  'older-than': { type: 'string' },
  limit: { type: 'string' },
  rate: { type: 'string' },
  actor: { type: 'string', default: process.env.USER || 'operator' },
  stage: { type: 'string' },
  every: { type: 'string', default: '2' },
  count: { type: 'string' },
  shards: { type: 'string' },
  user: { type: 'string' },
} as const;

const parseOptions = () => parseCommandLine({ options, allowPositionals: true }, usage);

type Values = ReturnType<typeof parseOptions>['values'];

/** A client of the operator API. */
const createApi = async ({ actor }: Values) => {
  const { API_URL: url, TOKEN: token } = process.env;
  if (url && token) return createOperatorApi(url, token);
  // Without this check, a command meant for a stage would run on the local stack.
  if (url) throw new CliError('API_URL is set without TOKEN: set both, or neither for npm start.');
  const { apiUrl, tokenUrl } = await runningStack();

  return createOperatorApi(
    apiUrl,
    await requestToken(tokenUrl, { sub: actor, scope: operatorScope }),
  );
};

const parseNumber = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  if (Number.isNaN(Number(value))) throw new CliError(`${value} is not a number.`);

  return Number(value);
};

const printPayment = async (values: Values, paymentId?: string): Promise<void> => {
  if (paymentId === undefined) throw new CliError(usage);
  console.log(formatPayment(await (await createApi(values)).payment(paymentId)));
};

const manageDeadLetters = async (
  values: Values,
  action?: string,
  consumer?: string,
): Promise<void> => {
  if (action === undefined) {
    console.log(formatQueueReports(await (await createApi(values)).deadLetters()));
    return;
  }
  if ((action !== 'redrive' && action !== 'delete') || consumer === undefined) {
    throw new CliError(usage);
  }
  const reason = requireReason(values.reason);

  const answer = await (await createApi(values)).redrive({
    consumer,
    action,
    reason,
    dryRun: !values.execute,
    paymentId: values.payment,
    event: values.event,
    olderThanSeconds: parseNumber(values['older-than']),
    limit: parseNumber(values.limit),
    ratePerSecond: parseNumber(values.rate),
  });
  console.log(formatDeadLetters(answer));
};

const watchStack = async ({ stage, every, count }: Values): Promise<void> => {
  const everyMs = Number(every) * 1_000;
  const isCount = count === undefined || /^[1-9]\d*$/.test(count);
  if (!(everyMs > 0) || !isCount) throw new CliError(usage);
  const probe = await (stage ? createStageProbe(stage) : createLocalProbe(await runningStack()));

  await watch(() => probe().catch(rethrowAwsError), {
    everyMs,
    count: parseNumber(count),
    signal: abortOnSignal(),
    show: renderTo(process.stdout),
  });
};

const printStock = async ({ stage, shards }: Values, sku?: string): Promise<void> => {
  if (sku === undefined) throw new CliError(usage);
  const stock = await openStock(stage);
  console.log(await manageStock(stock, sku, parseNumber(shards)).catch(rethrowAwsError));
};

const printRestoredTables = async ({ stage }: Values, suffix?: string): Promise<void> => {
  if (suffix === undefined) throw new CliError(usage);
  const clients = await openRestore(stage);
  const arns = await prepareRestoredTables(clients, stage ?? 'local', suffix).catch(
    rethrowAwsError,
  );
  console.log(JSON.stringify(arns));
};

const printGatewayQuestions = async ({ stage }: Values): Promise<void> => {
  const reconciled = stage ? reconcileStage(stage) : reconcileStack(await runningStack());
  console.log(formatGatewayQuestions(await reconciled.catch(rethrowAwsError)));
};

const eraseBuyer = async (values: Values, rest: readonly string[]): Promise<void> => {
  const options = parseEraseOptions(values, rest);
  const erase = await openErasure(values.stage);
  // Not on stdout, which has the result.
  const report = (line: string) => console.error(line);
  const result = await erase({ ...options, report }).catch(rethrowAwsError);
  console.log(formatErasure(result, options.isDryRun));
  if (result.open.length > 0) process.exitCode = 1;
};

await runCommand(async () => {
  const { values, positionals } = parseOptions();
  const [command, ...rest] = positionals;
  if (command === 'payment') return printPayment(values, ...rest);
  if (command === 'dlq') return manageDeadLetters(values, ...rest);
  if (command === 'stock') return printStock(values, ...rest);
  if (command === 'restored-tables') return printRestoredTables(values, ...rest);
  if (command === 'gateway-questions') return printGatewayQuestions(values);
  if (command === 'erase-buyer') return eraseBuyer(values, rest);
  if (command === 'watch') return watchStack(values);
  throw new CliError(usage);
});
