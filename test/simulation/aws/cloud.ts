import type { Platform } from '../../../dev/simulation/compositions.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import type { RuleTarget } from '../../support/cdk/deployment/event-rules.ts';
import { createGrantCheck, type GrantCheck } from '../../support/cdk/deployment/grant-check.ts';
import { routeOf } from '../../support/cdk/deployment/route-of.ts';
import { targetInput } from '../../support/cdk/deployment/target-input.ts';
import { createNetwork, type Network } from '../virtual/network.ts';
import type { Process } from '../virtual/process.ts';
import type { Random } from '../virtual/random.ts';
import type { WorldParts } from '../virtual/world-parts.ts';
import { createApi } from './api-gateway.ts';
import { type ItemWrite, MemoryDynamoDb } from './dynamodb/memory-dynamodb.ts';
import { type BusEvent, EventBus } from './event-bridge.ts';
import { type ComposedHandler, type InvocationResult, Lambda } from './lambda.ts';
import { type AwsPlatform, createAwsPlatform } from './platform.ts';
import { Receivers } from './receivers.ts';
import { Scheduler } from './scheduler.ts';
import { Sqs } from './sqs.ts';
import { executeStateMachine } from './step-functions.ts';
import { Streams } from './streams.ts';

/** The parts of the platform that are not of AWS. */
export type OutsidePlatform = Omit<
  Platform,
  keyof AwsPlatform | 'createInvoker' | 'environment' | 'post'
>;

interface CloudOptions extends WorldParts {
  readonly deployment: Deployment;
  readonly outsideOf: (process: Process) => OutsidePlatform;
  readonly compose: (folder: string, platform: Platform) => ComposedHandler;
  /** The text of a secret. */
  readonly secret: (arn: string) => string;
  readonly onWrite: (write: ItemWrite) => void;
  /** Whether a scheduled run would find something to do. */
  readonly isTickNeeded: () => boolean;
}

/**
 * AWS's default quota of concurrent executions of an account.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const accountConcurrency = 1_000;

/** Outside AWS: a sandbox would deploy simulators in their place. */
const externalUrls = {
  PG_URL: 'https://pg.example',
  DATA_PLATFORM_URL: 'https://data-platform.example',
  NOTIFICATIONS_URL: 'https://notifications.example',
};

/** The name of the error that Step Functions has for an invocation that failed. */
const taskErrorNameOf = (result: InvocationResult): string => {
  if (result.kind === 'throttled') return 'Lambda.TooManyRequestsException';
  if (result.kind === 'failed') return result.errorName;

  return result.kind === 'killed' && result.reason === 'timeout'
    ? 'Sandbox.Timedout'
    : 'Lambda.Unknown';
};

/** AWS as the deployment of a stage wires it. */
export class Cloud {
  readonly dynamoDb: MemoryDynamoDb;
  readonly lambda: Lambda;
  readonly sqs: Sqs;
  readonly streams: Streams;
  readonly bus: EventBus;
  readonly scheduler: Scheduler;
  readonly receivers: Receivers;
  /** Sends one request to the API. */
  readonly send: ReturnType<typeof createApi>;
  readonly #options: CloudOptions;
  readonly #network: Network;
  readonly #isGranted: GrantCheck;
  readonly #random: Random;
  #executions = 0;
  #calls = 0;
  readonly #countedNetwork: Network = (...call) => {
    this.#calls += 1;

    return this.#network(...call);
  };

  constructor(options: CloudOptions) {
    const { deployment, time, faults, story, onWrite } = options;
    const random = options.random.fork('cloud');
    const shared = { time, random, faults, story };
    this.#options = options;
    this.#random = random;
    this.#isGranted = createGrantCheck(deployment);
    this.#network = createNetwork({ ...shared, random: options.random.fork('network') });
    this.receivers = new Receivers(this.#network, faults);
    this.dynamoDb = new MemoryDynamoDb(deployment.tables, {
      now: () => time.now,
      onWrite: (write) => {
        this.streams.add(write);
        onWrite(write);
      },
    });
    this.lambda = new Lambda({
      ...shared,
      functions: deployment.functions,
      accountConcurrency,
      compose: (folder, process) => this.#compose(folder, process),
    });
    const invoke = (folder: string, event: unknown, about?: () => string) =>
      this.lambda.invoke(folder, event, about);
    const sendToQueue = (queue: string, body: string) => this.sqs.send(queue, body);
    this.sqs = new Sqs({ ...shared, ...deployment, invoke });
    this.streams = new Streams({ ...shared, ...deployment, invoke, sendToQueue });
    this.bus = new EventBus({
      ...shared,
      ...deployment,
      deliver: (target, event) => this.#deliver(target, event),
      sendToQueue: (queue, body, attributes) => this.sqs.send(queue, body, 0, attributes),
    });
    this.scheduler = new Scheduler({
      ...shared,
      ...deployment,
      invoke,
      sendToQueue,
      isTickNeeded: options.isTickNeeded,
      asynchronousRetryOf: (folder) => this.#functionOf(folder).asynchronousRetry,
    });
    this.send = createApi({
      ...shared,
      invoke,
      routeOf: (method, path) => routeOf(deployment, method, path),
    });
  }

  /** The services in which something is under way. */
  get busyParts(): readonly string[] {
    const { lambda, sqs, streams, bus } = this;
    const idle = {
      lambda: lambda.isIdle,
      sqs: sqs.isIdle,
      streams: streams.isIdle,
      bus: bus.isIdle,
      'step functions': this.#executions === 0,
    };

    return Object.entries(idle)
      .filter(([, isIdle]) => !isIdle)
      .map(([name]) => name);
  }

  /** Calls of functions to AWS until now. */
  get calls(): number {
    return this.#calls;
  }

  /** What a storm can hit. */
  get stormSubjects(): readonly string[] {
    const { tables, functions } = this.#options.deployment;

    return [
      'gateway',
      'bus',
      'queues',
      'state machines',
      'receivers',
      ...tables.map(({ TableName }) => `table ${TableName}`),
      ...functions.map(({ folder }) => `function ${folder}`),
    ];
  }

  #functionOf(folder: string): Deployment['functions'][number] {
    const found = this.#options.deployment.functions.find((one) => one.folder === folder);
    if (found === undefined) throw new Error(`The deployment has no function ${folder}.`);

    return found;
  }

  #compose(folder: string, process: Process): ComposedHandler {
    const { compose, outsideOf, secret, faults } = this.#options;
    const age = (mostMs: number) => (mostMs > 0 ? this.#random.between(0, mostMs) : 0);

    return compose(folder, {
      ...createAwsPlatform(process, this.#countedNetwork, {
        dynamoDb: (operation, input, by, attempts) =>
          this.dynamoDb.execute(operation, input, {
            by,
            attempts,
            indexAgeMs: faults.isCalm ? 0 : age(Math.round(faults.mix.indexLagMs)),
            readAgeMs: faults.occurs('staleRead', folder) ? age(1_000) : 0,
          }),
        sqs: (operation, input) => this.sqs.execute(operation, input),
        dynamoDbStreams: (operation, input) => this.streams.log.execute(operation, input),
        putEvents: (entries, by) => this.bus.putEvents(entries, by),
        secret,
        isGranted: this.#isGranted,
      }),
      ...outsideOf(process),
      createInvoker: () => async (name) => {
        throw new Error(`${folder} invokes ${name}, but the simulation has no canary.`);
      },
      post: this.receivers.postOf(process),
      environment: { ...this.#functionOf(folder).environment, ...externalUrls },
    });
  }

  /** What one delivery of the bus does. Returns whether the target has taken it. */
  #deliver(target: RuleTarget, event: BusEvent): boolean {
    const { faults } = this.#options;
    const input = targetInput(target, event);
    if (target.kind === 'function') {
      void this.lambda.invoke(target.name, input);
      return true;
    }
    if (faults.isStormy(target.kind === 'queue' ? 'queues' : 'state machines')) return false;
    if (target.kind === 'queue') this.sqs.send(target.name, JSON.stringify(input));
    else void this.#startExecution(target.name, input);

    return true;
  }

  /** Runs an execution of a state machine. */
  async #startExecution(name: string, input: unknown): Promise<void> {
    const { deployment, time, faults, story } = this.#options;
    const definition = deployment.stateMachines[name];
    if (definition === undefined) throw new Error(`The deployment has no state machine ${name}.`);
    this.#executions += 1;
    await executeStateMachine(definition, input, {
      after: (delayMs, run) => time.after(delayMs, run),
      random: () => this.#random.next(),
      onState: (state) => faults.record(`state ${state}`),
      runTask: async (folder, taskInput) => {
        const result = await this.lambda.invoke(folder, taskInput, () => JSON.stringify(taskInput));
        if (result.kind === 'returned') return result.value;
        throw Object.assign(new Error(result.kind), { name: taskErrorNameOf(result) });
      },
    }).catch((error: Error) =>
      story.record('step-functions', () => `${name} fails: ${error.name}`),
    );
    this.#executions -= 1;
  }
}
