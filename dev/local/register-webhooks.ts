import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localClientConfig } from './aws.ts';
import type { LocalStack } from './stack-descriptor.ts';

/** Has the simulated PG send its webhooks to the API, signed with the key that is in the secret by now. */
export const registerWebhooks = async ({
  endpoint,
  apiUrl,
  pgWebhookSecretArn,
  simulatorUrl,
}: LocalStack): Promise<void> => {
  const vault = new SecretsManagerClient(localClientConfig(endpoint));
  const { SecretString: key } = await vault.send(
    new GetSecretValueCommand({ SecretId: pgWebhookSecretArn }),
  );
  const answer = await fetch(`${simulatorUrl}/webhook-endpoint`, {
    method: 'PUT',
    body: JSON.stringify({ url: `${apiUrl}/webhooks/pg`, key }),
  });
  if (!answer.ok) throw new Error(`The simulated PG takes no endpoint: ${await answer.text()}`);
};
