import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Advice } from '../../../dev/cli/cli-error.ts';
import { root } from '../../../dev/cli/paths.ts';
import type { Step } from '../../../dev/cli/progress.ts';
import { run } from '../../../dev/cli/run-process.ts';
import { freePort } from '../../../dev/local/ports.ts';
import { startCommand } from '../program.ts';
import { ownFolder } from '../tools.ts';
import { answering, type Database } from './database.ts';

const folder = join(ownFolder, 'dynamodb-local');

/** Amazon's own DynamoDB Local, brought by Maven the first time. */
export const dynamoDbLocal = async (
  step: Step,
  signal: AbortSignal,
): Promise<(logFile: string) => Promise<Database>> => {
  if (!existsSync(folder)) await fetched(step, signal);

  return async (logFile) => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const { cpuSeconds, close } = startCommand(
      'java',
      [
        `-Djava.library.path=${folder}`,
        ...['-cp', join(folder, '*')],
        'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
        ...['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
      ],
      { logFile },
    );
    await answering(endpoint);

    return { endpoint, cpuSeconds, close };
  };
};

const fetched = async (step: Step, signal: AbortSignal): Promise<void> => {
  if (spawnSync('java', ['-version']).error || spawnSync('mvn', ['-version']).error) {
    throw new Advice(
      'DynamoDB Local needs Java 17 and Maven: install both, or choose another one.',
    );
  }
  await step('Fetching DynamoDB Local, this once', async (say) => {
    const pom = join(root, 'test', 'bench', 'database', 'pom.xml');
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
    const { code, lines } = await run('mvn', ['-q', '-f', pom, ...goal], {
      env: process.env,
      cwd: root,
      signal,
      onLine: say,
    });
    if (code !== 0) throw new Advice(`${lines.slice(-10).join('\n')}\n\nMaven could not fetch it.`);
  });
};
