import { randomBytes, randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { WebhookBody } from '../../shared/gateway/simulator/protocol.ts';
import { signedHeaders } from '../../shared/lambda/webhook-signature.ts';
import { pollUntil } from '../cli/poll-until.ts';
import type { AnsweredPayment } from '../demo/pay-scenario.ts';
import { requireThat, stepPolling } from './expectations.ts';
import type { SmokeStage } from './stages.ts';

/** Sends a webhook about a charge, signed with the key. Returns the status of the response. */
const sendWebhook = async (apiUrl: string, reference: string, key: string): Promise<number> => {
  const body = JSON.stringify({ type: 'charge.done', data: { reference } } satisfies WebhookBody);
  const headers = signedHeaders({ id: `evt_${randomUUID()}`, at: new Date(), body }, key);
  const { status } = await fetch(`${apiUrl}/webhooks/pg`, { method: 'POST', headers, body });

  return status;
};

/**
 * Sends webhooks about a payment whose outcome is unknown. One with another key is rejected. The authentic one is
 * accepted, and requests an immediate inquiry unless the outcome is known by then.
 */
export const checkWebhooks = async (
  { apiUrl, client, pgWebhookSecretArn: SecretId }: SmokeStage,
  { client: buyer, paymentId }: Pick<AnsweredPayment, 'client' | 'paymentId'>,
): Promise<string> => {
  const { SecretString: key = '' } = await new SecretsManagerClient(client).send(
    new GetSecretValueCommand({ SecretId }),
  );
  await pollUntil(
    () => buyer.payment(paymentId),
    ({ stage }) => stage === 'UNKNOWN' || stage === 'COMPLETED',
    stepPolling,
  );

  const forged = await sendWebhook(apiUrl, paymentId, randomBytes(24).toString('base64'));
  requireThat(forged === 401, `A webhook with another key was answered with ${forged}, not 401`);
  const authentic = await sendWebhook(apiUrl, paymentId, key);
  requireThat(
    authentic === 200,
    `A webhook with the key of the stage was answered with ${authentic}, not 200`,
  );

  return 'a webhook with the key of the stage is accepted, one with another key is not';
};
