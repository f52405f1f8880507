import { composeFunction, type FunctionFolder } from '../../dev/simulation/compositions.ts';
import type { Order } from '../../shared/domain/orders/order.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import type { ItemWrite } from './aws/dynamodb/memory-dynamodb.ts';
import type { Check } from './checks/check.ts';
import { deploymentOf } from './deployments.ts';
import type { GatewayAdapters } from './gateways/adapters.ts';
import { type Adapter, gatewayWorlds } from './gateways/gateway-worlds.ts';
import { collectLogLines } from './log-lines.ts';
import { type Cast, castOf } from './people/cast.ts';
import { openShop } from './people/people.ts';
import type { RunRecord, Stage } from './run-record.ts';
import { type FaultMix, only, swarm } from './virtual/fault-mix.ts';
import { installVirtualGlobals } from './virtual/globals.ts';
import { Random } from './virtual/random.ts';
import type { StoryLine } from './virtual/story.ts';
import { type Compose, World } from './world.ts';

export interface RunOptions {
  readonly seed: number;
  readonly checks: readonly Check[];
  /** By the seed unless given: so are the adapter, the faults and the cast. */
  readonly stage?: Stage | undefined;
  readonly adapter?: Adapter | undefined;
  /** These faults, and no others. */
  readonly mix?: Partial<FaultMix> | undefined;
  /** The names of the faults that occur; all by default. */
  readonly keptFaults?: ReadonlySet<string> | undefined;
  /** These parts of the cast in place of the seed's. */
  readonly cast?: Partial<Cast> | undefined;
  readonly paymentMethods?: readonly string[] | undefined;
  /** How long faults can occur, in milliseconds of virtual time. */
  readonly chaosMs?: number | undefined;
  readonly onStoryLine?: ((line: StoryLine) => void) | undefined;
  readonly onWrite?: ((write: ItemWrite) => void) | undefined;
  /** Another build's composition of functions. */
  readonly compose?: Compose | undefined;
  /** What connects a function of another build to the gateway. */
  readonly adaptersOf?: ((name: string) => GatewayAdapters) | undefined;
}

/** Something that does not hold. */
export interface Finding {
  readonly check: string;
  readonly text: string;
}

export interface RunResult {
  readonly seed: number;
  readonly stage: Stage;
  readonly adapter: Adapter;
  readonly cast: Cast;
  readonly findings: readonly Finding[];
  readonly record: RunRecord;
  /** The names of the faults that occurred, storms included. */
  readonly faultNames: readonly string[];
  /** How long faults could occur, in milliseconds of virtual time. */
  readonly chaosMs: number;
  readonly calls: number;
  readonly virtualMs: number;
}

/** How long the world may take to settle after the last fault. */
const calmOf = {
  local: { limitMs: 3 * 3_600_000, roundMs: 120_000 },
  // A late capture is looked for during a week.
  sandbox: { limitMs: 8 * 86_400_000, roundMs: 3_600_000 },
} as const;

/** The local timings end a hold after minutes, those of AWS after days. */
const longestDelayMs = { local: 300_000, sandbox: 86_400_000 } as const;

const finalPaymentStatuses = ['COMPLETED', 'COMPENSATED', 'REVERSED'];
const finalRefundStatuses = ['SUCCEEDED', 'FAILED'];

const isSettled = ({ tables, now }: RunRecord): boolean =>
  tables
    .items<Payment>('Payments')
    .every(({ status, dueAt }) => finalPaymentStatuses.includes(status) && dueAt === undefined) &&
  tables.items<Refund>('Refunds').every(({ status }) => finalRefundStatuses.includes(status)) &&
  // An unpaid order may wait for its expiry, which is a day away.
  tables
    .items<Order>('Orders')
    .every(({ dueAt }) => dueAt === undefined || Date.parse(dueAt) > now);

const composeCurrent: Compose = (folder, platform) =>
  composeFunction(folder as FunctionFolder, platform);

/** Runs one seed: people and faults, then calm, then the checks. One seed gives the same run every time. */
export const runSeed = async (options: RunOptions): Promise<RunResult> => {
  const { seed, checks, compose = composeCurrent } = options;
  const random = new Random(seed);
  const choices = random.fork('choices');
  const drawnStage = choices.chance(0.8) ? 'local' : 'sandbox';
  const drawnAdapter = choices.pick<Adapter>([
    'simulator',
    'simulator',
    'simulator',
    'stripe',
    'toss',
  ]);
  const { stage = drawnStage, adapter = drawnAdapter } = options;
  const drawnMix = swarm(random.fork('swarm'), longestDelayMs[stage]);
  const mix = options.mix ? only(options.mix) : drawnMix;
  const cast = { ...castOf(random.fork('cast')), ...options.cast };
  const world = new World({
    stage,
    deployment: deploymentOf(stage),
    createGateway: gatewayWorlds[adapter],
    compose,
    adaptersOf: options.adaptersOf,
    mix,
    keptFaults: options.keptFaults,
    random,
    onStoryLine: options.onStoryLine,
  });
  const restoreGlobals = installVirtualGlobals(world.time);
  const endCollection = collectLogLines(world.logLines);
  try {
    const findings: Finding[] = [];
    if (options.onWrite) world.observe(options.onWrite);
    watchWrites(world, checks, findings);
    const people = openShop(world.shop, cast, {
      paymentMethods: options.paymentMethods ?? world.gateway.paymentMethods,
    });
    await playChaos(world, choices, options.chaosMs);
    world.calmDown();
    await settle(world, people.operateOnce);
    await inVirtualTime(world, people.intrude());
    // A request may continue what an earlier invocation of its environment has left, and so start more work.
    await settle(world, people.operateOnce);
    await stopSchedules(world);
    for (const text of world.errors) findings.push({ check: 'people', text });
    for (const { name, atEnd } of checks)
      for (const text of (await inVirtualTime(world, atEnd?.(world.record))) ?? [])
        findings.push({ check: name, text });

    return {
      seed,
      stage,
      adapter,
      cast,
      findings,
      record: world.record,
      faultNames: world.faults.names,
      chaosMs: world.record.calmAt - world.record.startedAt,
      calls: world.cloud.calls,
      virtualMs: world.time.now - world.record.startedAt,
    };
  } finally {
    endCollection();
    restoreGlobals();
  }
};

const watchWrites = (world: World, checks: readonly Check[], findings: Finding[]): void => {
  const watching = checks.filter(({ onWrite }) => onWrite !== undefined);
  world.observe((write) => {
    for (const { name, onWrite } of watching)
      for (const text of onWrite?.(write, world.record) ?? []) findings.push({ check: name, text });
  });
};

const playChaos = async (
  { time, faults, record, cloud }: World,
  choices: Random,
  chaosMs: number | undefined,
) => {
  const isLocal = record.stage === 'local';
  const longestStormMs = isLocal ? 240_000 : choices.chance(0.1) ? 10_800_000 : 1_800_000;
  faults.planStorms(cloud.stormSubjects, 300_000, longestStormMs);
  const drawnMs = isLocal ? choices.between(120_000, 900_000) : choices.between(600_000, 7_200_000);
  await time.runUntil(time.now + (chaosMs ?? drawnMs));
};

const settle = async (world: World, operateOnce: () => void): Promise<void> => {
  const { time, record } = world;
  const { limitMs, roundMs } = calmOf[record.stage];
  while (time.now - record.calmAt < limitMs) {
    await time.runUntil(time.now + roundMs);
    if (world.busyParts.length === 0 && isSettled(record) && record.deadLetters.length === 0) {
      world.markSettled();
      break;
    }
    operateOnce();
  }
};

const stopSchedules = async ({ time, cloud }: World): Promise<void> => {
  cloud.scheduler.stop();
  await time.runUntil(time.now + 120_000);
};

/** Waits for the work of a check or a person, whose calls take virtual time. */
const inVirtualTime = async <T>({ time }: World, work: T | Promise<T>): Promise<T> => {
  let isDone = false;
  const result = Promise.resolve(work).finally(() => {
    isDone = true;
  });
  await time.runUntil(time.now + 60_000, () => isDone);

  return result;
};
