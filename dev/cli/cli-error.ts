/** A failure whose message says what happened and what to do. It is printed without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** Runs a command. On failure prints the message of a CliError, or another error with its stack; the exit code is 1. */
export const runCommand = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof CliError ? error.message : error);
    process.exitCode = 1;
  }
};
