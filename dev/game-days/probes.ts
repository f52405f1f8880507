import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Backlog } from '../../shared/domain/payments/backlog.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { isFinal } from '../../shared/domain/payments/payment-transitions.ts';
import type { ReceivedDelivery } from '../../shared/simulators/sinks/delivery.ts';
import { localClientConfig } from '../local/aws.ts';
import type { DrillContext, ExpectedPayment, ProbeResult } from './drill-context.ts';
import type { DepthByConsumer } from './queue-client.ts';

/** How many payments are in which state. */
export const formatStatuses = (payments: readonly Pick<Payment, 'status'>[]): string => {
  const states = [...new Set(payments.map(({ status }) => status))];

  return states
    .map((state) => `${payments.filter(({ status }) => status === state).length} ${state}`)
    .join(', ');
};

/** Depths of queues in words; empty where all of them are. */
export const formatDepths = (depths: DepthByConsumer, what: string): string => {
  const parts = Object.entries(depths).map(([consumer, depth]) => `${consumer} ${depth}`);

  return parts.length > 0 ? `; ${what}: ${parts.join(', ')}` : '';
};

/** The payments of the drill and the queues, as they are now. */
export const currentState = async ({ payments, queues }: DrillContext) => {
  const [stored, held, dead] = await Promise.all([payments(), queues.held(), queues.dead()]);
  const text = `${formatStatuses(stored)}${formatDepths(held, 'in queues')}${formatDepths(dead, 'dead letters')}`;

  return { stored, dead, text };
};

/** Lets the fault last, and says what moves meanwhile. */
export const holdFault = async (context: DrillContext): Promise<void> => {
  const end = performance.now() + context.seconds * 1_000;
  await context.waitUntil(async () => ({
    summary: (await currentState(context)).text,
    isReached: performance.now() >= end,
  }));
};

/** For how long payments of the drill have waited for a final word. */
export const describeOldestPending = async ({ payments }: DrillContext): Promise<string> => {
  const waiting = (await payments()).filter(({ status }) => !isFinal(status));
  const ages = waiting.map(({ createdAt }) => Date.now() - Date.parse(createdAt));

  return `${waiting.length} payments, the oldest accepted ${Math.round(Math.max(0, ...ages) / 1_000)} s ago`;
};

/** What `measure-backlog` measures, once a minute, for the alarm on unknown outcomes. */
export const describeBacklog = async ({ shell }: DrillContext): Promise<string> => {
  const { Payload } = await new LambdaClient(localClientConfig(shell.stack.endpoint)).send(
    new InvokeCommand({ FunctionName: shell.stack.functions['measure-backlog'] }),
  );
  const found = JSON.parse(Payload?.transformToString() ?? '[]') as Backlog[];

  return found
    .map(({ state, payments, oldestAgeMs: oldestMs }) =>
      payments > 0
        ? `${state} ${payments}, the oldest for ${Math.round(oldestMs / 1_000)} s`
        : `${state} 0`,
    )
    .join('; ');
};

/** Whether the receivers have heard how a payment ended: the buyer of each, the data platform of what was paid, and of that once. */
const hasReachedReceivers = async (
  { shell }: DrillContext,
  { paymentId, expectedStatus }: ExpectedPayment,
): Promise<boolean> => {
  const { dataPlatformUrl, notificationsUrl } = shell.stack.sinks;
  const accepted = async (url: string) => {
    const answer = await fetch(`${url}/received?paymentId=${encodeURIComponent(paymentId)}`);
    const { deliveries } = (await answer.json()) as { deliveries: ReceivedDelivery[] };

    return deliveries.filter((delivery) => delivery.accepted).length;
  };

  return (
    (await accepted(notificationsUrl)) > 0 &&
    (await accepted(dataPlatformUrl)) === (expectedStatus === 'COMPLETED' ? 1 : 0)
  );
};

/** Everything has ended as it was to end, everybody who is to hear of it has, and nothing waits or is dead. */
export const checkRecovery = async (context: DrillContext): Promise<ProbeResult> => {
  const { stored, dead, text } = await currentState(context);
  const waiting = await context.queues.waiting();
  const ended = context.expected.filter(
    ({ expectedStatus }, index) => stored[index]?.status === expectedStatus,
  );
  const delivered = await Promise.all(ended.map((one) => hasReachedReceivers(context, one)));
  const deliveredCount = delivered.filter(Boolean).length;

  return {
    summary: `${text}; ${deliveredCount} of ${context.expected.length} are told of`,
    isReached:
      deliveredCount === context.expected.length &&
      Object.keys(waiting).length + Object.keys(dead).length === 0,
  };
};
