import type { RetryPolicy } from '../../support/cdk/deployment/retry-policy.ts';
import { type DeployedSchedule, scheduleInput } from '../../support/cdk/deployment/schedules.ts';
import type { WorldParts } from '../virtual/world-parts.ts';
import type { InvocationResult } from './lambda.ts';

interface Dependencies extends WorldParts {
  readonly schedules: readonly DeployedSchedule[];
  readonly invoke: (folder: string, event: unknown) => Promise<InvocationResult>;
  /** How Lambda retries an asynchronous invocation of a function. */
  readonly asynchronousRetryOf: (folder: string) => RetryPolicy;
  /** Whether a tick would find something to do. */
  readonly isTickNeeded: () => boolean;
  readonly sendToQueue: (queue: string, body: string) => void;
}

/** Schedules that invoke functions asynchronously: a tick may get lost, run twice, or fail and be retried. */
export class Scheduler {
  readonly #deps: Dependencies;
  #isStopped = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    for (const schedule of deps.schedules) this.#wait(schedule);
  }

  stop(): void {
    this.#isStopped = true;
  }

  #wait(schedule: DeployedSchedule): void {
    const { time } = this.#deps;
    time.after(schedule.everyMs - (time.now % schedule.everyMs), () => this.#tick(schedule));
  }

  #tick(schedule: DeployedSchedule): void {
    const { time, random, faults, isTickNeeded } = this.#deps;
    if (this.#isStopped) return;
    this.#wait(schedule);
    if (!isTickNeeded() || faults.occurs('tickLost', schedule.name)) return;
    const input = scheduleInput(schedule, time.now);
    void this.#run(schedule, input);
    if (faults.occurs('duplicate', `schedule ${schedule.name}`))
      time.after(random.between(0, 3_000), () => void this.#run(schedule, input));
  }

  /** Scheduler retries what Lambda does not take, Lambda retries what fails. */
  async #run({ name, folder, retry, deadLetterQueue }: DeployedSchedule, input: unknown) {
    const { time, random, invoke, asynchronousRetryOf, story, sendToQueue } = this.#deps;
    const asynchronousRetry = asynchronousRetryOf(folder);
    const startedAt = time.now;
    let throttled = 0;
    let failed = 0;
    for (;;) {
      const { kind } = await invoke(folder, input);
      if (kind === 'returned') return;
      if (kind === 'throttled') throttled += 1;
      else failed += 1;
      if (failed > asynchronousRetry.maximumRetryAttempts) {
        story.record('lambda', () => `gives up a tick of ${name}`);
        return;
      }
      await time.sleep(random.between(500, 60_000));
      const isOver =
        throttled > retry.maximumRetryAttempts || time.now - startedAt > retry.maximumEventAgeMs;
      if (isOver) {
        story.record('scheduler', () => `gives up a tick of ${name}`);
        if (deadLetterQueue !== undefined) sendToQueue(deadLetterQueue, JSON.stringify(input));
        return;
      }
    }
  }
}
