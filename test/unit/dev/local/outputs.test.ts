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

describe('outputs of a deployment', () => {
  it('are merged from every stack', () => {
    const file = { data: { TableOrders: 'orders-1' }, service: { ApiId: 'abc123' } };

    expect(parseOutputs(file)).toEqual({ TableOrders: 'orders-1', ApiId: 'abc123' });
  });

  it.each(['unknown', 'https://unknown.execute-api.test', ''])(
    'fail the deployment if one has the value "%s"',
    (value) => {
      const file = { service: { ApiId: 'abc123', StateMachineArn: value } };

      expect(() => parseOutputs(file)).toThrow(/does not support the resources of StateMachineArn/);
    },
  );

  it('become the descriptor entries of tests and tools', () => {
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

  it('throw an error that names a missing one', () => {
    const { EventBusName, ...rest } = outputs;

    expect(() => describeDeployment(rest, 'http://127.0.0.1:4566')).toThrow(
      /no output EventBusName/,
    );
  });
});
