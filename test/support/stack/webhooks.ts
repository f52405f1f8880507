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

/** The key that the gateway signs its webhooks with. */
export const webhookKey = async (): Promise<string> => {
  const { SecretString = '' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: stack.pgWebhookSecretArn }),
  );

  return SecretString;
};

/** Makes the gateway sign with the current key of the secret, if it sends webhooks. */
export const registerWebhookKey = async (): Promise<void> => {
  if (pg.sendsWebhooks) await registerWebhooks(stack);
};

interface WebhookOverrides {
  readonly id?: string;
  readonly at?: Date;
  readonly key?: string;
  /** Body that is sent in place of the signed one. */
  readonly altered?: string;
  /** Headers that replace the generated ones; undefined removes a header. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Sends a webhook as the gateway does, with the given differences. */
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
