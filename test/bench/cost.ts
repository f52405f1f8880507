import { CliError, runCommand } from '../../dev/cli/cli-error.ts';
import { parseCommandLine } from '../../dev/cli/parse-args.ts';
import { costReport } from './cost/report.ts';
import { type CountResults, countsFile } from './counts/results.ts';
import { readResults } from './measure/results.ts';

const usage = 'npm run cost                  cost of a payment at AWS prices, from the counts';

await runCommand(async () => {
  parseCommandLine({}, usage);
  const counts = readResults<CountResults>(countsFile);
  if (counts === undefined)
    throw new CliError('There are no counts yet. Run: npm run bench -- counts');
  console.log(costReport(counts));
});
