import { CliError, runCommand } from '../../dev/cli/cli-error.ts';
import { parseCommandLine } from '../../dev/cli/parse-args.ts';
import { progressFor } from '../../dev/cli/progress.ts';
import { runCold } from './cold/run.ts';
import { runCounts } from './counts/run.ts';
import { type DatabaseName, databaseNames } from './database/database.ts';
import { runGateway } from './measure/gateway.ts';
import { runLoads } from './measure/run.ts';
import { runModel } from './model/run.ts';

const usage = `npm run bench                 loads both forms of the brief and ours, side by side, in several rounds
npm run bench -- --quick      the same in under ten minutes, for a look
npm run bench -- cold         what a cold start loads, by function and by package
npm run bench -- counts       what each kind of payment costs, in things that can be counted
npm run bench -- gateway      a small run through the gateway of the local AWS
npm run bench -- model        accept to final at a thousand payments a second, by a model
  --rounds <number>           instead of three
  --database <name>           ${databaseNames.join(', ')}`;

const optionsOf = () => {
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
  const refuse = (fault: string) => new CliError(`${fault}\n${usage}`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(rounds >= 1)) throw refuse(`${values.rounds} is no number.`);
  if (!(databaseNames as readonly string[]).includes(values.database)) {
    throw refuse(`There is no database ${values.database}.`);
  }

  return { ...values, rounds, database: values.database as DatabaseName, what: positionals[0] };
};

/** A signal ends everything: the programs that were started see their starter go. */
const interruption = (): AbortSignal => {
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
  const { quick, rounds, database, what = 'load' } = optionsOf();
  const signal = interruption();
  const step = progressFor(process.stdout);
  switch (what) {
    case 'load':
      return runLoads({ effort: quick ? 'quick' : 'full', rounds, database, step, signal });
    case 'counts':
      return runCounts({ database, step, signal });
    case 'cold':
      return runCold({ step });
    case 'gateway':
      return runGateway({ step, signal });
    case 'model':
      return runModel({ step });
    default:
      throw new CliError(`There is no bench of ${what}.\n${usage}`);
  }
});
