import { operatorScope } from '../shared/http/routes.ts';
import { abortOnSignal } from './cli/abort-on-signal.ts';
import { CliError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { requestToken } from './local/issuer.ts';
import { runningStack } from './local/stack-descriptor.ts';
import { formatDeadLetters, formatQueueReports } from './ops/format-dead-letters.ts';
import { formatPayment } from './ops/format-payment.ts';
import { createOperatorApi } from './ops/operator-api.ts';
import { createLocalProbe, createStageProbe } from './ops/stack-probe.ts';
import { renderTo, watch } from './ops/watch.ts';

const usage = `npm run ops -- <what>
  payment <id>                                   its whole story, and what is still due
  dlq                                            every dead-letter queue and its first messages
  dlq redrive <consumer> --reason …              what would be redriven; --execute does it
  dlq delete <consumer> --reason …               what would be deleted; --execute does it
    --payment <id>  --event <name>  --older-than <seconds>  --limit <number>  --rate <per second>
  These speak to the local stack, or to the one whose address and operator's token are in API_URL and TOKEN.

  watch                                          payments, money at risk and queues, until Ctrl-C
    --every <seconds>  --count <number>
  It looks into tables and queues: of the local stack, or with --stage sandbox of a sandbox, with the environment's AWS credentials.`;

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
} as const;

const parseOptions = () => parseCommandLine({ options, allowPositionals: true }, usage);

type Values = ReturnType<typeof parseOptions>['values'];

/** The API, opened to an operator. */
const createApi = async ({ actor }: Values) => {
  const { API_URL: url, TOKEN: token } = process.env;
  if (url && token) return createOperatorApi(url, token);
  // Who means a stage must not be told of the local stack.
  if (url)
    throw new CliError('There is API_URL without TOKEN: set both, or neither for npm start.');
  const { apiUrl, tokenUrl } = await runningStack();

  return createOperatorApi(
    apiUrl,
    await requestToken(tokenUrl, { sub: actor, scope: operatorScope }),
  );
};

const parseNumber = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  if (Number.isNaN(Number(value))) throw new CliError(`${value} is no number.`);

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
  if (values.reason === undefined)
    throw new CliError('Say why: --reason "…" is kept with who you are.');

  const answer = await (await createApi(values)).redrive({
    consumer,
    action,
    reason: values.reason,
    dryRun: !values.execute,
    paymentId: values.payment,
    event: values.event,
    olderThanSeconds: parseNumber(values['older-than']),
    limit: parseNumber(values.limit),
    ratePerSecond: parseNumber(values.rate),
  });
  console.log(formatDeadLetters(answer));
};

/** A stack that stopped, or credentials that ran out, while it was watched: AWS said no, or nothing. */
const rethrowAsUnreachable = (error: Error): never => {
  if (!('$metadata' in error)) throw error;
  throw new CliError(`It cannot be watched any more: ${error.name}: ${error.message}`);
};

const watchStack = async ({ stage, every, count }: Values): Promise<void> => {
  const everyMs = Number(every) * 1_000;
  const isCount = count === undefined || /^[1-9]\d*$/.test(count);
  if (!(everyMs > 0) || !isCount) throw new CliError(usage);
  const probe = await (stage ? createStageProbe(stage) : createLocalProbe(await runningStack()));

  await watch(() => probe().catch(rethrowAsUnreachable), {
    everyMs,
    count: parseNumber(count),
    signal: abortOnSignal(),
    show: renderTo(process.stdout),
  });
};

await runCommand(async () => {
  const { values, positionals } = parseOptions();
  const [what, ...rest] = positionals;
  if (what === 'payment') return printPayment(values, ...rest);
  if (what === 'dlq') return manageDeadLetters(values, ...rest);
  if (what === 'watch') return watchStack(values);
  throw new CliError(usage);
});
