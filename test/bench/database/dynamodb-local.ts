import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../../../dev/cli/cli-error.ts';
import { root } from '../../../dev/cli/paths.ts';
import type { Progress } from '../../../dev/cli/progress.ts';
import { runProcess } from '../../../dev/cli/run-process.ts';
import { findFreePort } from '../../../dev/local/ports.ts';
import { startCommand } from '../program.ts';
import { benchFolder } from '../tools.ts';
import { type Database, waitForHttp } from './local-database.ts';

const folder = join(benchFolder, 'dynamodb-local');

/** Amazon's DynamoDB Local; Maven fetches it the first time. */
export const dynamoDbLocal = async (
  step: Progress,
  signal: AbortSignal,
): Promise<(logFile: string) => Promise<Database>> => {
  if (!existsSync(folder)) await fetchWithMaven(step, signal);

  return async (logFile) => {
    const port = await findFreePort();
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
    await waitForHttp(endpoint);

    return { endpoint, cpuSeconds, close };
  };
};

const fetchWithMaven = async (step: Progress, signal: AbortSignal): Promise<void> => {
  if (spawnSync('java', ['-version']).error || spawnSync('mvn', ['-version']).error) {
    throw new CliError(
      'DynamoDB Local needs Java 17 and Maven. Install both, or choose another database with --database.',
    );
  }
  await step('Fetching DynamoDB Local (once)', async (report) => {
    const pom = join(root, 'test', 'bench', 'database', 'pom.xml');
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
    const { code, lines } = await runProcess('mvn', ['-q', '-f', pom, ...goal], {
      env: process.env,
      cwd: root,
      signal,
      onLine: report,
    });
    if (code !== 0)
      throw new CliError(`${lines.slice(-10).join('\n')}\n\nMaven could not fetch DynamoDB Local.`);
  });
};
