import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Timers } from '../domain/time.ts';
import type { BasePlatform } from './platform.ts';

/** Far below the ten seconds that Lambda allows an initialization. */
const maxWaitMs = 1_000;

/**
 * Reads an item that does not exist, so that the first request of the environment finds an open connection
 * and compiled code. `INIT_READ` names the variable of a table and then its key attributes, separated by
 * spaces; without it nothing is read. Resolves when the read has succeeded, failed or taken too long.
 */
export const readAtInit = async (
  { db, environment }: Pick<BasePlatform, 'db' | 'environment'>,
  timers: Timers,
): Promise<void> => {
  const { INIT_READ: words } = environment;
  if (!words) return;
  const [variable = '', ...attributes] = words.split(' ');
  const read = async () =>
    db.send(
      new GetCommand({
        TableName: environment[variable],
        Key: Object.fromEntries(attributes.map((name) => [name, 'init'])),
      }),
    );
  await new Promise<void>((resolve) => {
    const cancel = timers.after(maxWaitMs, resolve);
    const end = () => {
      cancel();
      resolve();
    };
    // A fault that lasts fails the first request, which reports it.
    read().then(end, end);
  });
};
