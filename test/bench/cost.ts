import { Advice, command } from '../../dev/advice.ts';
import { costReport } from './cost/report.ts';
import { type CountResults, countsFile } from './counts/results.ts';
import { readResults } from './measure/results.ts';

await command(async () => {
  const counts = readResults<CountResults>(countsFile);
  if (counts === undefined) throw new Advice('Nothing was counted yet: npm run bench -- counts');
  console.log(costReport(counts));
});
