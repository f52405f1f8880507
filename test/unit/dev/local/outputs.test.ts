import { describe, expect, it } from 'vitest';
import { describeDeployment, parseOutputs } from '../../../../dev/local/outputs.ts';

const outputs = {
  ApiId: 'abc123',
  EventBusName: 'bus',
  StateMachineArn: 'arn:machine',
  NotificationsSecretArn: 'arn:secret',
  PgWebhookSecretArn: 'arn:webhooks',
  TableOrders: 'orders-1',
  TableLoyaltyPoints: 'points-1',
  FunctionAcceptPayment: 'accept-1',
  FunctionSendToDataPlatform: 'send-1',
  QueueNotifyBuyerUrl: 'http://queues/notify',
  QueueNotifyBuyerDeadLettersUrl: 'http://queues/notify-dead',
};

describe('the outputs of a deployment', () => {
  it('are gathered from every stack', () => {
    const file = { data: { TableOrders: 'orders-1' }, service: { ApiId: 'abc123' } };

    expect(parseOutputs(file)).toEqual({ TableOrders: 'orders-1', ApiId: 'abc123' });
  });

  it.each(['unknown', 'https://unknown.execute-api.test', ''])(
    'fail the deployment when one reads "%s"',
    (value) => {
      const file = { service: { ApiId: 'abc123', StateMachineArn: value } };

      expect(() => parseOutputs(file)).toThrow(/does not know what stands behind StateMachineArn/);
    },
  );

  it('become the names that tests and tools use', () => {
    expect(describeDeployment(outputs, 'http://127.0.0.1:4566')).toEqual({
      apiUrl: 'http://127.0.0.1:4566/_aws/execute-api/abc123/$default',
      tables: { orders: 'orders-1', loyaltyPoints: 'points-1' },
      eventBusName: 'bus',
      stateMachineArn: 'arn:machine',
      notificationsSecretArn: 'arn:secret',
      pgWebhookSecretArn: 'arn:webhooks',
      functions: { 'accept-payment': 'accept-1', 'send-to-data-platform': 'send-1' },
      queues: {
        'notify-buyer': {
          url: 'http://queues/notify',
          deadLettersUrl: 'http://queues/notify-dead',
        },
      },
    });
  });

  it('name the one that is missing', () => {
    const { EventBusName, ...rest } = outputs;

    expect(() => describeDeployment(rest, 'http://127.0.0.1:4566')).toThrow(
      /no output EventBusName/,
    );
  });
});
