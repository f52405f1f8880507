interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Reads the credentials of the function's role from the environment. Bundles use it in place of the SDK's
 * provider, which also supports files, metadata servers and SSO: Lambda has none of these, and a cold start
 * would load them all.
 */
export const defaultProvider = () => async (): Promise<Credentials> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('The environment has no credentials: is this a Lambda function?');
  }

  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};
