import type { Random } from './random.ts';

interface Task {
  readonly at: number;
  /** Random, so that tasks of one instant run in any order. */
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

const isBefore = (one: Task, other: Task) =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** Lets all promise callbacks run: Node starts no tick before. A turn of the event loop is slower. */
const drainMicrotasks = () => new Promise<void>((resolve) => process.nextTick(resolve));

export type Cancel = () => void;

/** Virtual time: a heap of tasks. It jumps from one task to the next and never waits. */
export class VirtualTime {
  readonly #ties: Random;
  readonly #heap: Task[] = [];
  #now: number;

  constructor(startsAt: number, ties: Random) {
    this.#now = startsAt;
    this.#ties = ties;
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Runs a task `delayMs` from now. */
  after(delayMs: number, run: () => void): Cancel {
    const at = this.#now + Math.max(0, Math.ceil(delayMs));
    const task = { at, order: this.#ties.next(), run, isCancelled: false };
    this.#push(task);

    return () => {
      task.isCancelled = true;
    };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Runs all tasks up to an instant, or until `isDone`. */
  async runUntil(end: number, isDone: () => boolean = () => false): Promise<void> {
    await drainMicrotasks();
    while (!isDone()) {
      const [next] = this.#heap;
      if (next === undefined || next.at > end) {
        this.#now = Math.max(this.#now, end);
        return;
      }
      this.#pop();
      if (next.isCancelled) continue;
      this.#now = next.at;
      next.run();
      await drainMicrotasks();
    }
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let index = heap.push(task) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as Task;
      if (!isBefore(task, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = task;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Task;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Task, heap[child] as Task))
        child += 1;
      if (!isBefore(heap[child] as Task, last)) break;
      heap[index] = heap[child] as Task;
      index = child;
    }
    heap[index] = last;
  }
}
