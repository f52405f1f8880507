import { CliError, runCommand } from '../../dev/cli/cli-error.ts';
import { parseCommandLine } from '../../dev/cli/parse-args.ts';
import { costReport } from './cost/report.ts';
import { type CountResults, countsFile } from './counts/results.ts';
import { readResults } from './measure/results.ts';

const usage =
  'npm run cost                  what a payment costs at the prices of AWS, from what was counted';

await runCommand(async () => {
  parseCommandLine({}, usage);
  const counts = readResults<CountResults>(countsFile);
  if (counts === undefined) throw new CliError('Nothing was counted yet: npm run bench -- counts');
  console.log(costReport(counts));
});
