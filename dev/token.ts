import { operatorScope } from '../shared/http/routes.ts';
import { CliError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { requestToken } from './local/issuer.ts';
import { runningStack } from './local/stack-descriptor.ts';

const usage =
  'npm run token -- <name> [--operator]; for example: npm run token -- olivia --operator';

await runCommand(async () => {
  const { values, positionals } = parseCommandLine(
    { options: { operator: { type: 'boolean', default: false } }, allowPositionals: true },
    usage,
  );
  const [sub] = positionals;
  if (sub === undefined) throw new CliError(usage);

  const { tokenUrl } = await runningStack();
  console.log(
    await requestToken(tokenUrl, values.operator ? { sub, scope: operatorScope } : { sub }),
  );
});
