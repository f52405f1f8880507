import { setTimeout as pause } from 'node:timers/promises';

/** A DynamoDB on this machine. */
export interface Database {
  readonly endpoint: string;
  cpuSeconds(): number;
  close(): Promise<void>;
}

/** Starts a new database and fills it. May reuse the data that was filled under the same key before. */
export type StartDatabase = (
  logFile: string,
  key: string,
  fill: (endpoint: string) => Promise<void>,
) => Promise<Database>;

const readyWithinMs = 30_000;

/** Waits until the endpoint answers an HTTP request, with any status. */
export const waitForHttp = async (endpoint: string): Promise<void> => {
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline) {
    if (await fetch(endpoint).catch(() => undefined)) return;
    await pause(50);
  }
  throw new Error(`No response from ${endpoint}.`);
};
