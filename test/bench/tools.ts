import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CliError } from '../../dev/cli/cli-error.ts';
import { root } from '../../dev/cli/paths.ts';
import type { Progress } from '../../dev/cli/progress.ts';
import { runProcess } from '../../dev/cli/run-process.ts';

/** The folder of tools that the bench installs; ignored by git. */
export const benchFolder = join(root, '.local', 'bench');
const benchBin = join(benchFolder, 'bin');

interface Tool {
  readonly name: string;
  /** The program that installs the tool, and its arguments. */
  readonly installer: string;
  readonly install: readonly string[];
  /** What to do if neither the tool nor the installer exists. */
  readonly missingMessage: string;
}

const tools = {
  k6: {
    name: 'k6',
    installer: 'go',
    install: ['install', 'go.k6.io/k6@v1.8.1'],
    missingMessage:
      'The bench needs k6. Put it on PATH, or install Go 1.24 or newer to build it, then run the same command again.',
  },
  dynoxide: {
    name: 'dynoxide',
    installer: 'cargo',
    install: ['install', 'dynoxide-rs', '--version', '3.1.0', '--root', benchFolder],
    missingMessage:
      'The bench needs dynoxide (a DynamoDB in Rust). Put it on PATH, or install Rust to build it, then run the same command again. Or choose another database: --database dynamodb-local (needs Java and Maven) or --database ministack (needs nothing, and costs the most).',
  },
} as const satisfies Record<string, Tool>;

const foundOnPath = (name: string) =>
  [...(process.env.PATH ?? '').split(delimiter), benchBin]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

/** The path of a tool on PATH, or installed into `.local`; throws a CliError if neither is possible. */
export const findTool = async (
  tool: keyof typeof tools,
  step: Progress,
  signal: AbortSignal,
): Promise<string> => {
  const { name, installer, install, missingMessage } = tools[tool];
  const found = foundOnPath(name);
  if (found) return found;
  if (spawnSync(installer, ['version']).error) throw new CliError(missingMessage);

  return step(`Installing ${name} (once, some minutes)`, async (report) => {
    const env = { ...process.env, GOBIN: benchBin };
    const { code, lines } = await runProcess(installer, install, {
      env,
      cwd: root,
      signal,
      onLine: report,
    });
    const installed = foundOnPath(name);
    if (code !== 0 || !installed) {
      throw new CliError(
        `${lines.slice(-10).join('\n')}\n\n${installer} could not install ${name}.`,
      );
    }

    return installed;
  });
};
