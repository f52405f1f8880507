import './quiet.ts';
import { CliError, runCommand } from '../../dev/cli/cli-error.ts';
import { parseCommandLine } from '../../dev/cli/parse-args.ts';
import { checks } from './checks/all-checks.ts';
import { explore, type Totals } from './explore.ts';
import { type Adapter, gatewayWorlds } from './gateways/gateway-worlds.ts';
import type { RunResult } from './run-seed.ts';
import { formatStoryLine } from './virtual/story.ts';

const usage = `npm run simulate                     100 seeds
npm run simulate -- --seed 7 --trace  what happens in the run of a seed
  --seed <number>      the first seed, 1 by default
  --count <number>     how many seeds
  --seconds <number>   start no seed after so many seconds
  --stop <number>      stop after so many seeds with findings
  --stage <name>       local or sandbox; by default the seed decides
  --gateway <name>     ${Object.keys(gatewayWorlds).join(', ')}; by default the seed decides
  --trace              print every line of the story`;

const stages = ['local', 'sandbox'] as const;

const readOptions = () => {
  const { values } = parseCommandLine(
    {
      options: {
        seed: { type: 'string', default: '1' },
        count: { type: 'string' },
        seconds: { type: 'string' },
        stop: { type: 'string' },
        stage: { type: 'string' },
        gateway: { type: 'string' },
        trace: { type: 'boolean', default: false },
      },
    },
    usage,
  );
  const numberOf = (name: 'seed' | 'count' | 'seconds' | 'stop'): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text))
      throw new CliError(`--${name} ${text} is not a whole number.\n${usage}`);

    return Number(text);
  };
  const nameOf = <Name extends string>(option: 'stage' | 'gateway', names: readonly Name[]) => {
    const name = values[option];
    const found = names.find((each) => each === name);
    if (name !== undefined && found === undefined)
      throw new CliError(`--${option} ${name} is not one of ${names.join(', ')}.\n${usage}`);

    return found;
  };
  const seconds = numberOf('seconds');
  const defaultCount = values.trace || seconds !== undefined ? undefined : 100;

  return {
    seed: numberOf('seed') ?? 1,
    count: numberOf('count') ?? defaultCount ?? (values.trace ? 1 : Number.POSITIVE_INFINITY),
    maxMs: seconds === undefined ? undefined : seconds * 1_000,
    maxFailures: numberOf('stop'),
    stage: nameOf('stage', stages),
    adapter: nameOf('gateway', Object.keys(gatewayWorlds) as Adapter[]),
    isTraced: values.trace,
  };
};

const seedsFrom = function* (first: number, count: number) {
  for (let seed = first; seed < first + count; seed += 1) yield seed;
};

const printFindings = ({ seed, stage, adapter, findings }: RunResult): void => {
  console.log(`\nSeed ${seed} (${stage}, ${adapter}): ${findings.length} findings`);
  for (const { check, text } of findings) console.log(`  ${check}: ${text}`);
};

/** A line on the terminal that the next one replaces. */
const showProgress = ({ seeds, findings, processorSeconds }: Totals): void => {
  if (!process.stdout.isTTY) return;
  const rate = (seeds / processorSeconds).toFixed(1);
  process.stdout.write(`\r${seeds} seeds, ${rate} a second of processor, ${findings} findings `);
};

const describeTotals = (totals: Totals): string => {
  const { seeds, invocations, calls, faults, findings, failedSeeds, processorSeconds } = totals;
  const rate = (seeds / processorSeconds).toFixed(1);
  const failed = failedSeeds.length === 0 ? '' : ` in seeds ${failedSeeds.join(', ')}`;

  return `${seeds} seeds (${rate} a second of processor), ${invocations} invocations, ${calls} calls, ${faults} faults, ${findings} findings${failed}`;
};

await runCommand(async () => {
  const { seed, count, isTraced, ...options } = readOptions();
  const totals = await explore({
    ...options,
    seeds: seedsFrom(seed, count),
    checks,
    ...(isTraced && { onStoryLine: (line) => console.log(formatStoryLine(line)) }),
    onResult: (result, soFar) => {
      if (result.findings.length > 0) printFindings(result);
      showProgress(soFar);
    },
  });
  console.log(`\n${describeTotals(totals)}`);
  if (totals.findings > 0) process.exitCode = 1;
});
