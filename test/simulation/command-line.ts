import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { CliError } from '../../dev/cli/cli-error.ts';
import { parseCommandLine } from '../../dev/cli/parse-args.ts';
import type { OldFunctions } from './builds.ts';
import { type Adapter, gatewayWorlds } from './gateways/gateway-worlds.ts';
import type { Judge } from './mutants/results.ts';
import type { RunOptions } from './run-seed.ts';

/** Half of the cores: the rest is for the work beside it. */
const defaultJobs = Math.max(1, Math.floor(availableParallelism() / 2));

const usage = `npm run simulate                     100 seeds
npm run simulate -- --seed 7 --trace  what happens in the run of a seed
  --seed <number>      the first seed, 1 by default
  --count <number>     how many seeds
  --seconds <number>   start no seed after so many seconds
  --stop <number>      stop after so many seeds with findings
  --stage <name>       local or sandbox; by default the seed decides
  --gateway <name>     ${Object.keys(gatewayWorlds).join(', ')}; by default the seed decides
  --faults <list>      only these faults of the seed, separated by commas; none if empty
  --cast <json>        parts of the cast in place of the seed's, such as {"stories":[0]}
  --methods <list>     the ways to pay, separated by commas
  --chaos-ms <number>  how long faults can occur, in milliseconds of virtual time
  --jobs <number>      how many processes run seeds, ${defaultJobs} by default
  --shrink             find a smaller run with the first finding of the seed, and print its story
  --build <folder>     write the functions of this working tree as a build, and run nothing
  --old <folder>       run half of the functions from a build, selected by the seed
  --old-half <half>    which half of them: first or second, the first by default
  --old-functions <list>  run these functions from the build
  --mutants            plant faults one by one: which of tests and simulation finds each
  --only <list>        with --mutants, these mutants
  --judge <name>       with --mutants, tests or simulation; both by default
  --coverage           print what the runs never went through
  --trace              print every line of the story`;

const stages = ['local', 'sandbox'] as const;
const adapters = Object.keys(gatewayWorlds) as Adapter[];
const judges: readonly Judge[] = ['tests', 'simulation'];

const count = z.int().min(0);

const castSchema = z.strictObject({
  buyers: count.optional(),
  products: count.optional(),
  coupons: count.optional(),
  stories: z.array(count).optional(),
  stepStories: z.array(count).optional(),
  operators: count.optional(),
  operatorRounds: count.optional(),
  externalWrites: count.optional(),
  hasDamage: z.boolean().optional(),
  presses: count.optional(),
});

/** What a run can be given besides its seed. */
export interface RunChoices
  extends Pick<
    RunOptions,
    'stage' | 'adapter' | 'keptFaults' | 'cast' | 'paymentMethods' | 'chaosMs'
  > {
  readonly old?: OldFunctions | undefined;
}

/** Reads the arguments of `npm run simulate`. Throws CliError for an invalid one. */
export const readCommandLine = (args: readonly string[] = process.argv.slice(2)) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseCommandLine(
    {
      args: [...args],
      options: {
        seed: { ...text, default: '1' },
        count: text,
        seconds: text,
        stop: text,
        stage: text,
        gateway: text,
        faults: text,
        cast: text,
        methods: text,
        'chaos-ms': text,
        jobs: text,
        build: text,
        old: text,
        'old-half': text,
        'old-functions': text,
        mutants: flag,
        only: text,
        judge: text,
        coverage: flag,
        shrink: flag,
        trace: flag,
      },
    },
    usage,
  );
  const fail = (name: keyof typeof values, expected: string): never => {
    throw new CliError(`--${name} ${values[name]} is not ${expected}.\n${usage}`);
  };
  const numberOf = (name: 'seed' | 'count' | 'seconds' | 'stop' | 'chaos-ms' | 'jobs') => {
    const value = values[name];
    if (value === undefined) return undefined;

    return /^\d+$/.test(value) ? Number(value) : fail(name, 'a whole number');
  };
  const nameOf = <Name extends string>(
    option: 'stage' | 'gateway' | 'judge' | 'old-half',
    names: readonly Name[],
  ) => {
    const name = values[option];
    if (name === undefined) return undefined;

    return names.find((each) => each === name) ?? fail(option, `one of ${names.join(', ')}`);
  };
  const judge = nameOf('judge', judges);
  const half = nameOf('old-half', ['first', 'second']);
  const seconds = numberOf('seconds');
  const isOneRun = values.trace || values.shrink;
  const defaultCount = isOneRun ? 1 : seconds === undefined ? 100 : Number.POSITIVE_INFINITY;
  const choices: RunChoices = {
    stage: nameOf('stage', stages),
    adapter: nameOf('gateway', adapters),
    keptFaults: values.faults === undefined ? undefined : new Set(listOf(values.faults)),
    cast: values.cast === undefined ? undefined : (castOf(values.cast) ?? fail('cast', 'a cast')),
    paymentMethods: values.methods === undefined ? undefined : listOf(values.methods),
    chaosMs: numberOf('chaos-ms'),
    old:
      values.old === undefined
        ? undefined
        : {
            build: values.old,
            ...(half && { half }),
            ...(values['old-functions'] && { functions: listOf(values['old-functions']) }),
          },
  };

  return {
    choices,
    build: values.build,
    seed: numberOf('seed') ?? 1,
    count: numberOf('count') ?? defaultCount,
    maxMs: seconds === undefined ? undefined : seconds * 1_000,
    maxFailures: numberOf('stop'),
    // One run needs no second process: this one prints its story.
    jobs: isOneRun ? 1 : Math.max(1, numberOf('jobs') ?? defaultJobs),
    mutants: values.mutants
      ? {
          only: values.only === undefined ? undefined : listOf(values.only),
          judges: judge === undefined ? judges : [judge],
          // Enough for the mutants that the simulation finds.
          seeds: numberOf('count') ?? 150,
        }
      : undefined,
    isCovered: values.coverage,
    isShrunk: values.shrink,
    isTraced: values.trace,
  };
};

const listOf = (text: string): readonly string[] => text.split(',').filter((item) => item !== '');

const castOf = (text: string): RunChoices['cast'] => {
  try {
    const parsed = castSchema.parse(JSON.parse(text));
    const given = Object.entries(parsed).filter(([, value]) => value !== undefined);

    return Object.fromEntries(given);
  } catch {
    return undefined;
  }
};

/** For a shell: in quotes if it has other characters than letters, digits and some harmless ones. */
const quoted = (text: string): string => (/^[\w./:,-]+$/.test(text) ? text : `'${text}'`);

/** The command that repeats one run. */
export const commandFor = (seed: number, choices: RunChoices, ...flags: string[]): string => {
  const { stage, adapter, keptFaults, cast, paymentMethods, chaosMs, old } = choices;
  const values = {
    seed,
    stage,
    gateway: adapter,
    faults: keptFaults && [...keptFaults].join(','),
    cast: cast && JSON.stringify(cast),
    methods: paymentMethods?.join(','),
    'chaos-ms': chaosMs,
    old: old?.build,
    'old-half': old?.half,
    'old-functions': old?.functions?.join(','),
  };
  const args = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(String(value))}`],
  );

  return ['npm run simulate --', ...args, ...flags.map((flag) => `--${flag}`)].join(' ');
};
