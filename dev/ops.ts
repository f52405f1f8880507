import { operatorScope } from '../shared/http/routes.ts';
import { interruption } from './cli/abort-on-signal.ts';
import { Advice, command } from './cli/cli-error.ts';
import { argumentsOf } from './cli/parse-args.ts';
import { requestToken } from './local/issuer.ts';
import { runningStack } from './local/stack-descriptor.ts';
import { showLetters, showQueues } from './ops/format-dead-letters.ts';
import { showPayment } from './ops/format-payment.ts';
import { operatorApi } from './ops/operator-api.ts';
import { sightOfLocal, sightOfStage } from './ops/stack-probe.ts';
import { shownOn, watch } from './ops/watch.ts';

const usage = `npm run ops -- <what>
  payment <id>                                   its whole story, and what is still due
  dead-letters                                   every queue of dead letters, and the first in each
  dead-letters send-again <consumer> --reason …  what would be sent again; --execute does it
  dead-letters drop <consumer> --reason …        what would be dropped; --execute does it
    --payment <id>  --event <name>  --older-than <seconds>  --most <number>  --per-second <number>
  These speak to the local stack, or to the one whose address and operator's token are in API_URL and TOKEN.

  watch                                          payments, money at risk and queues, until Ctrl-C
    --every <seconds>  --times <number>
  It looks into tables and queues: of the local stack, or with --stage sandbox of a sandbox, with the environment's AWS credentials.`;

const options = {
  execute: { type: 'boolean', default: false },
  reason: { type: 'string' },
  payment: { type: 'string' },
  event: { type: 'string' },
  'older-than': { type: 'string' },
  most: { type: 'string' },
  'per-second': { type: 'string' },
  as: { type: 'string', default: process.env.USER || 'operator' },
  stage: { type: 'string' },
  every: { type: 'string', default: '2' },
  times: { type: 'string' },
} as const;

const read = () => argumentsOf({ options, allowPositionals: true }, usage);

type Values = ReturnType<typeof read>['values'];

/** The API, opened to an operator. */
const api = async ({ as }: Values) => {
  const { API_URL: url, TOKEN: token } = process.env;
  if (url && token) return operatorApi(url, token);
  // Who means a stage must not be told of the local stack.
  if (url) throw new Advice('There is API_URL without TOKEN: set both, or neither for npm start.');
  const { apiUrl, tokenUrl } = await runningStack();

  return operatorApi(apiUrl, await requestToken(tokenUrl, { sub: as, scope: operatorScope }));
};

const number = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  if (Number.isNaN(Number(value))) throw new Advice(`${value} is no number.`);

  return Number(value);
};

const explain = async (values: Values, paymentId?: string): Promise<void> => {
  if (paymentId === undefined) throw new Advice(usage);
  console.log(showPayment(await (await api(values)).payment(paymentId)));
};

const deadLetters = async (values: Values, action?: string, consumer?: string): Promise<void> => {
  if (action === undefined) {
    console.log(showQueues(await (await api(values)).deadLetters()));
    return;
  }
  if ((action !== 'send-again' && action !== 'drop') || consumer === undefined) {
    throw new Advice(usage);
  }
  if (values.reason === undefined)
    throw new Advice('Say why: --reason "…" is kept with who you are.');

  const answer = await (await api(values)).redrive({
    consumer,
    action,
    reason: values.reason,
    dryRun: !values.execute,
    paymentId: values.payment,
    event: values.event,
    olderThanSeconds: number(values['older-than']),
    most: number(values.most),
    perSecond: number(values['per-second']),
  });
  console.log(showLetters(answer));
};

/** A stack that stopped, or credentials that ran out, while it was watched: AWS said no, or nothing. */
const outOfSight = (error: Error): never => {
  if (!('$metadata' in error)) throw error;
  throw new Advice(`It cannot be watched any more: ${error.name}: ${error.message}`);
};

const watchStack = async ({ stage, every, times }: Values): Promise<void> => {
  const everyMs = Number(every) * 1_000;
  const isCount = times === undefined || /^[1-9]\d*$/.test(times);
  if (!(everyMs > 0) || !isCount) throw new Advice(usage);
  const look = await (stage ? sightOfStage(stage) : sightOfLocal(await runningStack()));

  await watch(() => look().catch(outOfSight), {
    everyMs,
    times: number(times),
    signal: interruption(),
    show: shownOn(process.stdout),
  });
};

await command(async () => {
  const { values, positionals } = read();
  const [what, ...rest] = positionals;
  if (what === 'payment') return explain(values, ...rest);
  if (what === 'dead-letters') return deadLetters(values, ...rest);
  if (what === 'watch') return watchStack(values);
  throw new Advice(usage);
});
