/** The account and region of a local AWS. */
export const localAccount = { accountId: '000000000000', region: 'us-east-1' } as const;

// MiniStack treats these keys as the account's root user.
const rootKeys = { accessKeyId: 'test', secretAccessKey: 'test' };

/** SDK client configuration for a local AWS, independent of the developer's own AWS configuration. */
export const localClientConfig = (endpoint: string) => ({
  endpoint,
  region: localAccount.region,
  credentials: rootKeys,
});

/** Environment of a command that uses a local AWS, without the developer's AWS and proxy settings. */
export const localEnvironment = (endpoint: string): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^AWS_|^CDK_|_proxy$/i.test(name) && name !== 'NODE_OPTIONS',
  );

  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    // The S3 client of the CDK prefers its own variable.
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: localAccount.region,
    AWS_ACCESS_KEY_ID: rootKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKeys.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // The tests of the templates validate them, which takes longer than the rest of a synthesis.
    CDK_VALIDATION: 'false',
  };
};
