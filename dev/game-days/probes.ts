import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Backlog } from '../../shared/domain/payments/backlog.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { isFinal } from '../../shared/domain/payments/payment-transitions.ts';
import type { ReceivedDelivery } from '../../shared/simulators/sinks/delivery.ts';
import { localClientConfig } from '../local/aws.ts';
import type { DrillContext, ExpectedPayment, ProbeResult } from './drill-context.ts';
import type { DepthByConsumer } from './queue-client.ts';

/** Number of payments in each state. */
const formatStatuses = (payments: readonly Pick<Payment, 'status'>[]): string => {
  const states = [...new Set(payments.map(({ status }) => status))];

  return states
    .map((state) => `${payments.filter(({ status }) => status === state).length} ${state}`)
    .join(', ');
};

/** The depths of queues as text; empty if all queues are empty. */
const formatDepths = (depths: DepthByConsumer, what: string): string => {
  const parts = Object.entries(depths).map(([consumer, depth]) => `${consumer} ${depth}`);

  return parts.length > 0 ? `; ${what}: ${parts.join(', ')}` : '';
};

/** The current payments of the drill and the depths of the queues. */
export const currentState = async ({ payments, queues }: DrillContext) => {
  const [stored, held, dead] = await Promise.all([payments(), queues.held(), queues.dead()]);
  const text = `${formatStatuses(stored)}${formatDepths(held, 'in queues')}${formatDepths(dead, 'dead letters')}`;

  return { stored, dead, text };
};

/** Waits for the duration of the fault and prints the changes. */
export const holdFault = async (context: DrillContext): Promise<void> => {
  const end = performance.now() + context.seconds * 1_000;
  await context.waitUntil(async () => ({
    summary: (await currentState(context)).text,
    isReached: performance.now() >= end,
  }));
};

/** The payments of the drill without a final status, and the age of the oldest. */
export const describeOldestPending = async ({ payments }: DrillContext): Promise<string> => {
  const pending = (await payments()).filter(({ status }) => !isFinal(status));
  const ages = pending.map(({ createdAt }) => Date.now() - Date.parse(createdAt));

  return `${pending.length} payments, the oldest accepted ${Math.round(Math.max(0, ...ages) / 1_000)} s ago`;
};

/** The backlog as `measure-backlog` measures it every minute for the alarms. */
export const describeBacklog = async ({ shell }: DrillContext): Promise<string> => {
  const { Payload } = await new LambdaClient(localClientConfig(shell.stack.endpoint)).send(
    new InvokeCommand({ FunctionName: shell.stack.functions['measure-backlog'] }),
  );
  const found = JSON.parse(Payload?.transformToString() ?? '[]') as Backlog[];

  return found
    .map(({ state, payments, oldestAgeMs }) =>
      payments > 0
        ? `${state} ${payments}, the oldest for ${Math.round(oldestAgeMs / 1_000)} s`
        : `${state} 0`,
    )
    .join('; ');
};

/** Whether the notification arrived and, for a completed payment only, exactly one delivery at the data platform. */
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

/** Reached if every payment has its expected status, all deliveries arrived, and all queues are empty. */
export const checkRecovery = async (context: DrillContext): Promise<ProbeResult> => {
  const { stored, dead, text } = await currentState(context);
  const waiting = await context.queues.waiting();
  const ended = context.expected.filter(
    ({ expectedStatus }, index) => stored[index]?.status === expectedStatus,
  );
  const delivered = await Promise.all(ended.map((one) => hasReachedReceivers(context, one)));
  const deliveredCount = delivered.filter(Boolean).length;

  return {
    summary: `${text}; ${deliveredCount} of ${context.expected.length} delivered`,
    isReached:
      deliveredCount === context.expected.length &&
      Object.keys(waiting).length + Object.keys(dead).length === 0,
  };
};
