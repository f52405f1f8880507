import { onTestFinished, vi } from 'vitest';
import { type Responder, startScriptedServer } from './scripted-server.ts';

/** Starts a server that the clients of this test use as AWS, by the variables that Lambda sets. */
export const startAwsServer = async (...responders: readonly [Responder, ...Responder[]]) => {
  const server = await startScriptedServer(responders);
  onTestFinished(() => {
    server.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${server.port}`);

  return server;
};
