import type { DeadLettersBody } from '../../../functions/list-dead-letters/operation.ts';
import type { RedriveResponseBody } from '../../../functions/redrive-dead-letters/operation.ts';
import { maxRedrives } from '../../../shared/application/dead-letters/redrive.ts';
import type { Operator } from './operator.ts';

type Letter = DeadLettersBody['items'][number]['sample'][number];

/** Redrives and deletes by disposition, if an alarm "DLQ not empty" has fired. */
export const workOnDeadLetters = async (operator: Operator): Promise<void> => {
  if (operator.shop.run.deadLetters.length === 0) return;
  for (const { consumer, sample } of await listDeadLetters(operator)) {
    const having = (disposition: Letter['disposition']) =>
      sample.filter((letter) => letter.disposition === disposition);
    const [poison] = having('poison');
    if (poison !== undefined)
      throw new Error(`A dead letter of ${consumer} is poison: ${JSON.stringify(poison)}`);
    if (having('redrive').length > 0) await redrive(operator, consumer);
    if (having('obsolete').length > 0) await send(operator, consumer, { action: 'delete' });
  }
};

export const listDeadLetters = async ({
  client,
  request,
}: Operator): Promise<DeadLettersBody['items']> => {
  const query = { sample: 20 };
  const answer = await client.ask(request('GET', '/operator/dead-letters', { query }), 2);

  return answer === undefined ? [] : (answer.body as unknown as DeadLettersBody).items;
};

interface Action {
  readonly action: 'redrive' | 'delete';
  readonly dryRun?: boolean;
}

const send = async (
  { client, request }: Operator,
  consumer: string,
  { action, dryRun = false }: Action,
): Promise<RedriveResponseBody['items']> => {
  const reason = action === 'redrive' ? 'The cause is fixed.' : 'The work is done.';
  const limits = { limit: 50, ratePerSecond: 50 };
  const body = { consumer, action, dryRun, ...limits, reason };
  const answer = await client.ask(request('POST', '/operator/dead-letters/redrive', { body }), 2);

  return answer === undefined ? [] : (answer.body as unknown as RedriveResponseBody).items;
};

/** Perhaps a dry run first. Messages that came back too often are moved with the SQS console. */
const redrive = async (operator: Operator, consumer: string) => {
  if (operator.random.chance(0.2))
    await send(operator, consumer, { action: 'redrive', dryRun: true });
  const items = await send(operator, consumer, { action: 'redrive' });
  for (const item of items)
    if (item.disposition === 'redrive' && item.redrives >= maxRedrives)
      redriveInConsole(operator, item);
};

/** The console of a queue shows bodies. Messages without a payment came from a stream: it has no queue. */
const redriveInConsole = ({ shop, name }: Operator, { paymentId, event }: Letter) => {
  if (paymentId === undefined || event === undefined) return;
  const isIt = ({ body }: { readonly body: string }) =>
    body.includes(paymentId) && body.includes(`"${event}"`);
  for (const { queue, body } of shop.run.deadLetters.filter(isIt)) {
    shop.record(name, () => `moves a message of ${queue} back in the SQS console`);
    shop.redriveInConsole(queue, body);
  }
};
