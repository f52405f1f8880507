interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Credentials of the function's role, as Lambda puts them into its environment. Bundles have this in place of the SDK's own provider,
 * which would also look into files, at metadata servers and at SSO: none of it is there, and all of it would be loaded at a cold start.
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
