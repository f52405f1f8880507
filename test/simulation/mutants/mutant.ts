import { CliError } from '../../../dev/cli/cli-error.ts';

/** A planted fault: one text in one file is replaced. */
export interface Mutant {
  /** Unique, in kebab case. */
  readonly name: string;
  /** The promise to a buyer, a merchant or an operator that it breaks, in one sentence. */
  readonly breaks: string;
  /** `module`: inside one module. `wiring`: how modules, functions, events, times and resources are combined. */
  readonly kind: 'module' | 'wiring';
  /** Path from the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Files and folders with the tests that should find it, of the projects `unit*` and `infra`. */
  readonly unitTests: readonly string[];
}

/** Returns the text with the fault. Throws CliError if the text to replace does not occur exactly once. */
export const applyMutant = (
  text: string,
  { name, file, find, replace }: Pick<Mutant, 'name' | 'file' | 'find' | 'replace'>,
): string => {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new CliError(
      `The mutant ${name} must find its text once in ${file}, and finds it ${parts.length - 1} times. Adapt the mutant to the code.`,
    );
  }

  return parts.join(replace);
};
