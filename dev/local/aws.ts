/** The account that a local AWS pretends to be. */
export const localAccount = { accountId: '000000000000', region: 'us-east-1' } as const;

// MiniStack lets this pair act as the account's root.
const rootKeys = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What an SDK client needs to reach a local AWS, whatever the developer's own configuration is. */
export const localClientConfig = (endpoint: string) => ({
  endpoint,
  region: localAccount.region,
  credentials: rootKeys,
});

/** The same for a command: nothing that names an AWS account or a proxy gets through. */
export const localEnvironment = (endpoint: string): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^AWS_|^CDK_|_proxy$/i.test(name) && name !== 'NODE_OPTIONS',
  );

  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    // CDK's S3 client follows its own variable before the general one.
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: localAccount.region,
    AWS_ACCESS_KEY_ID: rootKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKeys.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
};
