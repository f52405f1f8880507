import { randomUUID } from 'node:crypto';
import { CliError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { runSmoke } from './smoke/run-smoke.ts';
import { openDeployedStage, openLocalStage } from './smoke/stages.ts';

const usage = `npm run smoke -- --stage <name>
  local    the stack of npm start; the default
  sandbox  a sandbox in the account of your AWS credentials: docs/operations.md, "Smoke test"`;

/** Tests a deployed stage. The exit code is 0 only if everything holds. */
await runCommand(async () => {
  const { values } = parseCommandLine(
    { options: { stage: { type: 'string', default: 'local' } } },
    usage,
  );
  const { stage: stageName } = values;
  if (stageName !== 'local' && stageName !== 'sandbox') {
    throw new CliError(
      `The smoke test runs on the local stack or on a sandbox, not on ${stageName}: it writes a balance and a product, and needs the simulated gateway.`,
    );
  }
  const name = `smoke-${randomUUID()}`;
  const stage = await (stageName === 'local'
    ? openLocalStage(name)
    : openDeployedStage(stageName, name));
  try {
    console.log(`Stage ${stageName} at ${stage.apiUrl}, buyer ${stage.buyer.userId}`);
    for (const line of await stage.describeQuotas()) console.log(line);
    await runSmoke(stage, name, console.log);
    console.log(`✔ The stage ${stageName} works.`);
  } finally {
    await stage.signOut();
  }
});
