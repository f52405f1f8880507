import { parseArgs } from 'node:util';
import { operatorScope } from '../shared/http/routes.ts';
import { Advice, command } from './advice.ts';
import { requestToken } from './issuer.ts';
import { showLetters, showQueues } from './ops/dead-letters.ts';
import { operatorApi } from './ops/operator-api.ts';
import { showPayment } from './ops/payment.ts';
import { runningStack } from './stack.ts';

const usage = `npm run ops -- <what>
  payment <id>                                   its whole story, and what is still due
  dead-letters                                   every queue of dead letters, and the first in each
  dead-letters send-again <consumer> --reason …  what would be sent again; --execute does it
  dead-letters drop <consumer> --reason …        what would be dropped; --execute does it
    --payment <id>  --event <name>  --older-than <seconds>  --most <number>  --per-second <number>
  It speaks to the local stack, or to the one whose address and operator's token are in API_URL and TOKEN.`;

const options = {
  execute: { type: 'boolean', default: false },
  reason: { type: 'string' },
  payment: { type: 'string' },
  event: { type: 'string' },
  'older-than': { type: 'string' },
  most: { type: 'string' },
  'per-second': { type: 'string' },
  as: { type: 'string', default: process.env.USER || 'operator' },
} as const;

/** Where the API is, and a token that opens it to an operator. */
const access = async (as: string) => {
  const { API_URL: url, TOKEN: token } = process.env;
  if (url && token) return { url, token };
  const { apiUrl, tokenUrl } = await runningStack();

  return { url: apiUrl, token: await requestToken(tokenUrl, { sub: as, scope: operatorScope }) };
};

const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));

const read = () => {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Advice(`${(error as Error).message}\n${usage}`);
  }
};

await command(async () => {
  const { values, positionals } = read();
  const [what, action, consumer] = positionals;
  if (what !== 'dead-letters' && what !== 'payment') throw new Advice(usage);
  const { url, token } = await access(values.as);
  const api = operatorApi(url, token);
  if (what === 'payment') {
    if (action === undefined) throw new Advice(usage);
    console.log(showPayment(await api.payment(action)));
    return;
  }
  if (action === undefined) {
    console.log(showQueues(await api.deadLetters()));
    return;
  }
  if ((action !== 'send-again' && action !== 'drop') || consumer === undefined) {
    throw new Advice(usage);
  }
  if (values.reason === undefined)
    throw new Advice('Say why: --reason "…" is kept with who you are.');

  const answer = await api.redrive({
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
});
