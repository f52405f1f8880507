import { CliError, runCommand } from '../../dev/cli/cli-error.ts';
import { parseCommandLine } from '../../dev/cli/parse-args.ts';
import { progressFor } from '../../dev/cli/progress.ts';
import { runCold } from './cold/run.ts';
import { runConflict } from './conflict/run.ts';
import { runCounts } from './counts/run.ts';
import { type DatabaseName, databaseNames } from './database/database.ts';
import { runGateway } from './measure/gateway.ts';
import { runLoads } from './measure/run.ts';
import { runModel } from './model/run.ts';

const usage = `npm run bench                 load test of the brief's two forms and of ours, in several rounds
npm run bench -- --quick      the same in under ten minutes
npm run bench -- cold         cold start by function and by package
npm run bench -- conflict     model of one product that every buyer wants, by rate and number of shards
npm run bench -- counts       counted costs of each kind of payment
npm run bench -- gateway      small load test through the API Gateway of the local AWS
npm run bench -- model        model of the time to the final status, and the quotas that a rate needs
  --rounds <number>           number of rounds, three by default
  --database <name>           ${databaseNames.join(', ')}`;

const readOptions = () => {
  const { values, positionals } = parseCommandLine(
    {
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        database: { type: 'string', default: databaseNames[0] },
      },
      allowPositionals: true,
    },
    usage,
  );
  const usageError = (fault: string) => new CliError(`${fault}\n${usage}`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(rounds >= 1))
    throw usageError(`--rounds ${values.rounds} is not a positive number.`);
  if (!(databaseNames as readonly string[]).includes(values.database)) {
    throw usageError(`Unknown database: ${values.database}.`);
  }

  return { ...values, rounds, database: values.database as DatabaseName, what: positionals[0] };
};

/** Aborts on a signal; the started programs end with this process. */
const exitOnSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      controller.abort(new CliError(`Stopped by ${signal}.`));
      process.exit(1);
    });
  }

  return controller.signal;
};

await runCommand(async () => {
  const { quick, rounds, database, what = 'load' } = readOptions();
  const signal = exitOnSignal();
  const step = progressFor(process.stdout);
  switch (what) {
    case 'load':
      return runLoads({ effort: quick ? 'quick' : 'full', rounds, database, step, signal });
    case 'counts':
      return runCounts({ database, step, signal });
    case 'cold':
      return runCold({ step });
    case 'conflict':
      return runConflict({ step });
    case 'gateway':
      return runGateway({ step, signal });
    case 'model':
      return runModel({ step });
    default:
      throw new CliError(`Unknown benchmark: ${what}.\n${usage}`);
  }
});
