import type { Scene } from './drill-context.ts';

/** Something that the drill does or looks at, under a sentence that it prints. */
export interface Act {
  readonly says: string;
  readonly does: (scene: Scene) => Promise<unknown>;
}

/** A command as docs/runbook.md has it, with the runbook's placeholders. */
export interface Command {
  readonly runs: string;
  /** The heading of the runbook under which it stands. */
  readonly under: string;
  /** What stands for the placeholders; more than one, and it runs once for each. */
  readonly with?: (scene: Scene) => readonly Readonly<Record<string, string>>[];
  /** What of its output a person needs; all of it unless given. What a later command needs of it goes to the scene's notes. */
  readonly shows?: (output: string, scene: Scene) => string;
}

/** What wakes somebody on AWS. A local AWS has no alarms that ring. */
export interface Ring {
  /** How the alarm's name there goes on behind that of the stack. */
  readonly alarm: string;
  /** The heading of the runbook that it names. */
  readonly heading: string;
  /** What it counts is there only once the fault is mended. */
  readonly afterwards?: true;
}

/** A game day: what breaks, what is to be seen of it, which alarms would ring on AWS, and how it is mended. */
export interface Drill {
  readonly name: string;
  /** A sentence. */
  readonly fault: string;
  /** A fault that lasts for so long, and for how many seconds it does here unless told otherwise. */
  readonly lasts?: { readonly really: string; readonly minutes: number; readonly seconds: number };
  readonly breaks: readonly Act[];
  readonly sees: readonly (Act | Command)[];
  readonly rings: readonly Ring[];
  readonly recovers: readonly (Act | Command)[];
}

/** Every drill ends with these, whatever broke: the books, and the dead letters. */
export const proofs: readonly Command[] = [
  { runs: 'npm run books -- prove', under: 'Where to look' },
  { runs: 'npm run ops -- dead-letters', under: 'Where to look' },
];

/** All commands of a drill, each once, in the order in which they come first. */
export const commandsOf = ({ sees, recovers }: Drill): readonly Command[] => {
  const all = [...sees, ...recovers, ...proofs].filter((step) => 'runs' in step);

  return all.filter(({ runs }, index) => all.findIndex((other) => other.runs === runs) === index);
};
