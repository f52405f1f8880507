import { operatorDuties, operatorScope, scopeOf } from '../shared/http/routes.ts';
import { CliError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { requestToken } from './local/issuer.ts';
import { runningStack } from './local/stack-descriptor.ts';

const usage =
  'npm run token -- <name> [--operator | --scope <scope>]; for example: npm run token -- olivia --scope support';

await runCommand(async () => {
  const { values, positionals } = parseCommandLine(
    {
      options: { operator: { type: 'boolean', default: false }, scope: { type: 'string' } },
      allowPositionals: true,
    },
    usage,
  );
  const [sub] = positionals;
  if (sub === undefined) throw new CliError(usage);

  const duty = operatorDuties.find((one) => one === values.scope);
  if (values.scope !== undefined && (duty === undefined || values.operator))
    throw new CliError(`--scope is one of ${operatorDuties.join(', ')}, without --operator.`);
  const scope = values.operator ? operatorScope : duty && scopeOf(duty);

  const { tokenUrl } = await runningStack();
  console.log(await requestToken(tokenUrl, { sub, ...(scope && { scope }) }));
});
