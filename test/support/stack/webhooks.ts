import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localClientConfig } from '../../../dev/local/aws.ts';
import { registerWebhooks } from '../../../dev/local/register-webhooks.ts';
import type { WebhookBody } from '../../../shared/gateway/simulator/protocol.ts';
import { signedHeaders } from '../../../shared/lambda/webhook-signature.ts';
import type { Api } from './api-client.ts';
import { stack } from './aws-clients.ts';
import { pg } from './external-systems.ts';
import type { Reply } from './transports.ts';

export const secretsManager = new SecretsManagerClient(localClientConfig(stack.endpoint));

/** The key that the PG signs its webhooks with. */
export const webhookKey = async (): Promise<string> => {
  const { SecretString = '' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: stack.pgWebhookSecretArn }),
  );

  return SecretString;
};

/** From now on the PG signs with the key that is in the secret by now; where it has nowhere to send to, it signs nothing. */
export const registerWebhookKey = async (): Promise<void> => {
  if (pg.sendsWebhooks) await registerWebhooks(stack);
};

interface WebhookOverrides {
  readonly id?: string;
  readonly at?: Date;
  readonly key?: string;
  /** Sent in place of what was signed. */
  readonly altered?: string;
  /** In place of those that were made; one that is undefined is left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A webhook as the PG sends it, but for what is asked for. */
export const sendWebhook = async (
  via: Api,
  type: WebhookBody['type'],
  reference: string,
  { id = `evt_${randomUUID()}`, at = new Date(), key, altered, headers }: WebhookOverrides = {},
): Promise<Reply> => {
  const body = JSON.stringify({ type, data: { reference } });
  const signed = signedHeaders({ id, at, body }, key ?? (await webhookKey()));
  const sent = Object.entries({ ...signed, ...headers }).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );

  return via.send({
    method: 'POST',
    path: '/webhooks/pg',
    headers: Object.fromEntries(sent),
    body: altered ?? body,
  });
};
