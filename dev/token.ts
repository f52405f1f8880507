import { parseArgs } from 'node:util';
import { operatorScope } from '../shared/http/routes.ts';
import { Advice, command } from './advice.ts';
import { requestToken } from './issuer.ts';
import { runningStack } from './stack.ts';

await command(async () => {
  const { values, positionals } = parseArgs({
    options: { operator: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [sub] = positionals;
  if (sub === undefined) {
    throw new Advice(
      'Whose token? For example: npm run token -- alice, or npm run token -- olivia --operator',
    );
  }

  const { tokenUrl } = await runningStack();
  console.log(
    await requestToken(tokenUrl, values.operator ? { sub, scope: operatorScope } : { sub }),
  );
});
