import { operatorScope } from '../shared/http/routes.ts';
import { Advice, command } from './advice.ts';
import { argumentsOf } from './arguments.ts';
import { requestToken } from './issuer.ts';
import { runningStack } from './stack.ts';

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
