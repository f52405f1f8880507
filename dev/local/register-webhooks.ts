import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localClientConfig } from './aws.ts';
import type { LocalStack } from './stack-descriptor.ts';

/** Registers the API as webhook endpoint at the simulated gateway, with the signing key from the secret. */
export const registerWebhooks = async ({
  endpoint,
  apiUrl,
  pgWebhookSecretArn,
  simulatorUrl,
}: LocalStack): Promise<void> => {
  const secretsManager = new SecretsManagerClient(localClientConfig(endpoint));
  const { SecretString: key } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: pgWebhookSecretArn }),
  );
  const answer = await fetch(`${simulatorUrl}/webhook-endpoint`, {
    method: 'PUT',
    body: JSON.stringify({ url: `${apiUrl}/webhooks/pg`, key }),
  });
  if (!answer.ok)
    throw new Error(`The simulated gateway rejected the webhook endpoint: ${await answer.text()}`);
};
