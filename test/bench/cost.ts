import { Advice, command } from '../../dev/cli/cli-error.ts';
import { argumentsOf } from '../../dev/cli/parse-args.ts';
import { costReport } from './cost/report.ts';
import { type CountResults, countsFile } from './counts/results.ts';
import { readResults } from './measure/results.ts';

const usage =
  'npm run cost                  what a payment costs at the prices of AWS, from what was counted';

await command(async () => {
  argumentsOf({}, usage);
  const counts = readResults<CountResults>(countsFile);
  if (counts === undefined) throw new Advice('Nothing was counted yet: npm run bench -- counts');
  console.log(costReport(counts));
});
