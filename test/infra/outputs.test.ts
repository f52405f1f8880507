import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const { local, sandbox } = contexts;

describe('outputs of the stacks', () => {
  it('has the outputs that tools and tests read', () => {
    const { outputs } = synthesize(local);

    for (const name of ['ApiUrl', 'ApiId', 'EventBusName', 'StateMachineArn'])
      expect(outputs).toHaveProperty(name);
    expect(outputs).toMatchObject({
      TableLoyaltyPoints: 'LoyaltyPoints',
      FunctionAcceptPayment: 'AcceptPayment',
      NotificationsSecretArn: 'NotificationsSecret.Id',
      PgWebhookSecretArn: 'PgWebhookSecret.Id',
      QueueChargePaymentUrl: 'ChargePaymentConsumer/Queue',
      QueueNotifyBuyerDeadLettersUrl: 'NotifyBuyerConsumer/DeadLetters',
      RelayUndeliverableUrl: 'Relay/Undeliverable',
      RelayFailuresUrl: 'Relay/Failures',
    });
  });

  it('has every output that the runbook uses', () => {
    const { outputs } = synthesize(sandbox);
    const runbook = readFileSync('docs/runbook.md', 'utf8');
    const used = [
      ...[...runbook.matchAll(/\$\(out (\w+)\)/g)].map(([, name = '']) => name),
      ...[...runbook.matchAll(/^log (\w+)/gm)].map(([, name]) => `Function${name}`),
    ];

    expect(used.length).toBeGreaterThan(10);
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(used));
  });
});
