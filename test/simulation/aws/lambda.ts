import type { Context } from 'aws-lambda';
import type { DeployedFunction } from '../../support/cdk/deployment/functions.ts';
import { Process } from '../virtual/process.ts';
import type { WorldParts } from '../virtual/world-parts.ts';

/** The end of one invocation, as its caller sees it. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly errorName: string; readonly message: string }
  /** The environment died, or ran into the timeout of the function. */
  | { readonly kind: 'killed'; readonly reason: string }
  | { readonly kind: 'throttled' };

export type ComposedHandler = (event: unknown, context: Context) => Promise<unknown>;

type FunctionSettings = Pick<DeployedFunction, 'folder' | 'timeoutMs' | 'reservedConcurrency'>;

interface Dependencies extends WorldParts {
  readonly functions: readonly FunctionSettings[];
  /** Concurrent invocations of all functions. */
  readonly accountConcurrency: number;
  readonly compose: (folder: string, process: Process) => ComposedHandler;
}

/** An execution environment: one composition of a function, with memory of its own. */
interface Environment {
  readonly process: Process;
  readonly handler: ComposedHandler;
  /** Ends the current invocation, if the process dies. */
  onDeath: (reason: string) => void;
}

const logText = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? 'nothing';

/**
 * Lambda: environments that are reused, frozen between invocations and killed at the timeout, with reserved and account
 * concurrency.
 */
export class Lambda {
  readonly #deps: Dependencies;
  readonly #settings: ReadonlyMap<string, FunctionSettings>;
  readonly #idle = new Map<string, Environment[]>();
  readonly #busy = new Map<string, number>();
  #running = 0;
  #invocations = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#settings = new Map(deps.functions.map((settings) => [settings.folder, settings]));
  }

  /** Invocations until now. */
  get invocations(): number {
    return this.#invocations;
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** Corrects the clocks of idle environments. The others are corrected when they become idle. */
  calmDown(): void {
    for (const environments of this.#idle.values())
      for (const { process } of environments) process.correctClock();
  }

  /** Invokes a function once. `about` is for the story. */
  invoke(
    folder: string,
    event: unknown,
    about: () => string = () => '',
  ): Promise<InvocationResult> {
    const { time, random } = this.#deps;

    return new Promise((resolve) => {
      time.after(random.between(1, 10), () => this.#start(folder, event, about, resolve));
    });
  }

  #start(
    folder: string,
    event: unknown,
    about: () => string,
    resolve: (result: InvocationResult) => void,
  ): void {
    const { time, faults, story } = this.#deps;
    const settings = this.#settings.get(folder);
    if (settings === undefined) throw new Error(`No function ${folder}.`);
    if (faults.isStormy(`function ${folder}`)) {
      resolve({ kind: 'killed', reason: 'every environment of this function fails' });
      return;
    }
    if (this.#isThrottled(settings)) {
      story.record(folder, () => 'is throttled');
      resolve({ kind: 'throttled' });
      return;
    }
    this.#invocations += 1;
    const actor = `${folder}#${this.#invocations}`;
    let isOver = false;
    let cancelTimeout = () => {};
    const end = (result: InvocationResult, environment?: Environment) => {
      if (isOver) return;
      isOver = true;
      cancelTimeout();
      this.#running -= 1;
      this.#busy.set(folder, (this.#busy.get(folder) ?? 1) - 1);
      if (environment) this.#release(folder, environment);
      resolve(result);
    };
    const environment = this.#acquire(folder);
    const { process, handler } = environment;
    this.#running += 1;
    this.#busy.set(folder, (this.#busy.get(folder) ?? 0) + 1);
    process.actor = actor;
    environment.onDeath = (reason) => {
      story.record(actor, () => `dies ${reason}`);
      end({ kind: 'killed', reason });
    };
    const deadline = time.now + settings.timeoutMs;
    cancelTimeout = time.after(settings.timeoutMs, () => process.kill('timeout'));
    story.record(actor, () => `starts ${about()}`);
    const thawed = process.thaw();
    if (thawed > 0) {
      faults.record(`thaw ${folder}`);
      story.record(actor, () => `continues ${thawed} callbacks of its last invocation`);
    }
    process.deliver(() => {
      handler(
        event,
        this.#contextOf(folder, process, () => deadline - time.now),
      ).then(
        (value) => {
          story.record(actor, () => `returns ${logText(value)}`);
          end({ kind: 'returned', value }, environment);
        },
        (error: Error) => {
          story.record(actor, () => `throws ${error.name}: ${error.message}`);
          end({ kind: 'failed', errorName: error.name, message: error.message }, environment);
        },
      );
    });
  }

  #isThrottled({
    folder,
    reservedConcurrency = Number.POSITIVE_INFINITY,
  }: FunctionSettings): boolean {
    const { faults, accountConcurrency } = this.#deps;

    return (
      (this.#busy.get(folder) ?? 0) >= reservedConcurrency ||
      this.#running >= accountConcurrency ||
      faults.occurs('invocationThrottle', folder)
    );
  }

  #acquire(folder: string): Environment {
    const { random, faults, time, compose } = this.#deps;
    const idle = this.#idle.get(folder) ?? [];
    if (idle.length > 0) {
      const [environment] = idle.splice(random.between(0, idle.length - 1), 1);
      // Lambda may end an idle environment at any time.
      if (environment && !faults.occurs('crashBefore', `${folder} idle`)) return environment;
    }
    const skew = faults.isCalm ? 0 : Math.round(faults.mix.skewMs);
    const process = new Process({
      name: folder,
      time,
      random,
      skewMs: skew === 0 ? 0 : random.between(-skew, skew),
      onDeath: (reason) => environment.onDeath(reason),
    });

    const environment: Environment = {
      process,
      handler: compose(folder, process),
      onDeath: () => {},
    };

    return environment;
  }

  #release(folder: string, environment: Environment): void {
    if (environment.process.isDead) return;
    environment.process.freeze();
    if (this.#deps.faults.isCalm) environment.process.correctClock();
    this.#idle.set(folder, [...(this.#idle.get(folder) ?? []), environment]);
  }

  #contextOf(folder: string, process: Process, remainingMs: () => number): Context {
    return {
      awsRequestId: process.runtime.randomId(),
      functionName: folder,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${folder}`,
      memoryLimitInMB: '512',
      logGroupName: `/aws/lambda/${folder}`,
      logStreamName: process.actor,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: remainingMs,
      done: () => {},
      fail: () => {},
      succeed: () => {},
    };
  }
}
