import { AsyncLocalStorage } from 'node:async_hooks';
import type { Runtime } from '../../../shared/config/platform.ts';
import type { Timers } from '../../../shared/domain/time.ts';
import type { Random } from './random.ts';
import type { Cancel, VirtualTime } from './time.ts';

/** The process whose code runs now. Libraries that read the global Date and timers are served by it. */
const running = new AsyncLocalStorage<Process>();

export const currentProcess = (): Process | undefined => running.getStore();

interface ProcessOptions {
  readonly name: string;
  readonly time: VirtualTime;
  readonly random: Random;
  /** How far its clock is ahead, in milliseconds. */
  readonly skewMs?: number;
  /** Called once, with the reason, when it dies. */
  readonly onDeath?: (reason: string) => void;
}

/**
 * A process: an execution environment of Lambda, or a person's client. Lambda freezes an environment between two
 * invocations: callbacks that arrive meanwhile run in the next one. A dead process runs nothing.
 */
export class Process {
  readonly name: string;
  /** Its name in the story: for a function, with the number of the current invocation. */
  actor: string;
  /** What the code of this process is given as time and randomness. */
  readonly runtime: Runtime & Timers;
  readonly #time: VirtualTime;
  readonly #onDeath: (reason: string) => void;
  readonly #frozenWork: (() => void)[] = [];
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #skewMs: number;

  constructor({ name, time, random, skewMs = 0, onDeath = () => {} }: ProcessOptions) {
    this.name = name;
    this.actor = name;
    this.#time = time;
    this.#skewMs = skewMs;
    this.#onDeath = onDeath;
    const now = () => new Date(this.now);
    this.runtime = {
      clock: { now },
      now,
      after: (delayMs, then) => this.after(delayMs, then),
      sleep: (milliseconds) =>
        new Promise<void>((resolve) => {
          this.after(milliseconds, resolve);
        }),
      random: () => random.next(),
      randomId: () => random.id(),
    };
  }

  /** Its own clock, in milliseconds since the epoch. */
  get now(): number {
    return this.#time.now + this.#skewMs;
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }

  correctClock(): void {
    this.#skewMs = 0;
  }

  /** A timer of this process. */
  after(delayMs: number, then: () => void): Cancel {
    return this.#time.after(delayMs, () => this.deliver(then));
  }

  /** Runs a callback in this process: now, in its next invocation if it is frozen, never if it is dead. */
  deliver(work: () => void): void {
    if (this.#state === 'running') running.run(this, work);
    else if (this.#state === 'frozen') this.#frozenWork.push(work);
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  /** Returns how many callbacks had waited. They run soon, among the work of the new invocation. */
  thaw(): number {
    if (this.#state === 'frozen') this.#state = 'running';
    const waiting = this.#frozenWork.splice(0);
    for (const work of waiting) this.after(0, work);

    return waiting.length;
  }

  /** Ends it. Only a process that runs can die: a frozen one does nothing. Returns whether it died. */
  kill(reason: string): boolean {
    if (this.#state !== 'running') return false;
    this.#state = 'dead';
    this.#frozenWork.length = 0;
    this.#onDeath(reason);

    return true;
  }
}
