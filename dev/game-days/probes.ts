import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Backlog } from '../../shared/domain/payments/backlog.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { isFinal } from '../../shared/domain/payments/payment-transitions.ts';
import type { Delivery } from '../../shared/simulators/sinks/delivery.ts';
import { localClient } from '../local/aws.ts';
import type { Expected, Scene, Sight } from './drill-context.ts';
import type { Depths } from './queue-client.ts';

/** How many payments are in which state. */
export const statesOf = (payments: readonly Pick<Payment, 'status'>[]): string => {
  const states = [...new Set(payments.map(({ status }) => status))];

  return states
    .map((state) => `${payments.filter(({ status }) => status === state).length} ${state}`)
    .join(', ');
};

/** Depths of queues in words; empty where all of them are. */
export const depthsText = (depths: Depths, what: string): string => {
  const parts = Object.entries(depths).map(([consumer, depth]) => `${consumer} ${depth}`);

  return parts.length > 0 ? `; ${what}: ${parts.join(', ')}` : '';
};

/** The payments of the drill and the queues, as they are now. */
export const standing = async ({ payments, queues }: Scene) => {
  const [stored, held, dead] = await Promise.all([payments(), queues.held(), queues.dead()]);
  const text = `${statesOf(stored)}${depthsText(held, 'in queues')}${depthsText(dead, 'dead letters')}`;

  return { stored, dead, text };
};

/** Lets the fault last, and says what moves meanwhile. */
export const lasting = async (scene: Scene): Promise<void> => {
  const end = performance.now() + scene.seconds * 1_000;
  await scene.until(async () => ({
    now: (await standing(scene)).text,
    isSo: performance.now() >= end,
  }));
};

/** For how long payments of the drill have waited for a final word. */
export const oldest = async ({ payments }: Scene): Promise<string> => {
  const waiting = (await payments()).filter(({ status }) => !isFinal(status));
  const ages = waiting.map(({ createdAt }) => Date.now() - Date.parse(createdAt));

  return `${waiting.length} payments, the oldest accepted ${Math.round(Math.max(0, ...ages) / 1_000)} s ago`;
};

/** What `measure-backlog` measures, once a minute, for the alarm on unknown outcomes. */
export const backlog = async ({ shell }: Scene): Promise<string> => {
  const { Payload } = await new LambdaClient(localClient(shell.stack.endpoint)).send(
    new InvokeCommand({ FunctionName: shell.stack.functions['measure-backlog'] }),
  );
  const found = JSON.parse(Payload?.transformToString() ?? '[]') as Backlog[];

  return found
    .map(({ state, payments, oldestMs }) =>
      payments > 0
        ? `${state} ${payments}, the oldest for ${Math.round(oldestMs / 1_000)} s`
        : `${state} 0`,
    )
    .join('; ');
};

/** Whether the receivers have heard how a payment ended: the buyer of each, the data platform of what was paid, and of that once. */
const isTold = async ({ shell }: Scene, { paymentId, ends }: Expected): Promise<boolean> => {
  const { dataPlatformUrl, notificationsUrl } = shell.stack.sinks;
  const accepted = async (url: string) => {
    const answer = await fetch(`${url}/received?paymentId=${encodeURIComponent(paymentId)}`);
    const { deliveries } = (await answer.json()) as { deliveries: Delivery[] };

    return deliveries.filter((delivery) => delivery.accepted).length;
  };

  return (
    (await accepted(notificationsUrl)) > 0 &&
    (await accepted(dataPlatformUrl)) === (ends === 'COMPLETED' ? 1 : 0)
  );
};

/** Everything has ended as it was to end, everybody who is to hear of it has, and nothing waits or is dead. */
export const allWell = async (scene: Scene): Promise<Sight> => {
  const { stored, dead, text } = await standing(scene);
  const waiting = await scene.queues.waiting();
  const ended = scene.expected.filter(({ ends }, index) => stored[index]?.status === ends);
  const told = await Promise.all(ended.map((one) => isTold(scene, one)));
  const heard = told.filter(Boolean).length;

  return {
    now: `${text}; ${heard} of ${scene.expected.length} are told of`,
    isSo:
      heard === scene.expected.length &&
      Object.keys(waiting).length + Object.keys(dead).length === 0,
  };
};
