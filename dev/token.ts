import { operatorScope } from '../shared/http/routes.ts';
import { Advice, command } from './cli/cli-error.ts';
import { argumentsOf } from './cli/parse-args.ts';
import { requestToken } from './local/issuer.ts';
import { runningStack } from './local/stack-descriptor.ts';

const usage =
  'Whose token? For example: npm run token -- alice, or npm run token -- olivia --operator';

await command(async () => {
  const { values, positionals } = argumentsOf(
    { options: { operator: { type: 'boolean', default: false } }, allowPositionals: true },
    usage,
  );
  const [sub] = positionals;
  if (sub === undefined) throw new Advice(usage);

  const { tokenUrl } = await runningStack();
  console.log(
    await requestToken(tokenUrl, values.operator ? { sub, scope: operatorScope } : { sub }),
  );
});
