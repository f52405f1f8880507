import type { VirtualTime } from './time.ts';

export interface StoryLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who acts: a function with the number of its invocation, a person, a service of AWS. */
  readonly actor: string;
  readonly text: string;
}

/** What happened in a run, line by line. Without a reader, it records nothing. */
export class Story {
  readonly #time: VirtualTime;
  readonly #onLine: ((line: StoryLine) => void) | undefined;

  constructor(time: VirtualTime, onLine?: (line: StoryLine) => void) {
    this.#time = time;
    this.#onLine = onLine;
  }

  /** Calls `text` only if the story has a reader. */
  record(actor: string, text: () => string): void {
    this.#onLine?.({ at: this.#time.now, actor, text: text() });
  }
}

/** The time of day: `12:00:01.250`. */
export const formatClock = (at: number): string => new Date(at).toISOString().slice(11, 23);

/** `12:00:01.250 charge-payment#12 captured` */
export const formatStoryLine = ({ at, actor, text }: StoryLine): string =>
  `${formatClock(at)} ${actor} ${text}`;
