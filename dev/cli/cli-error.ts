/** A failure whose message is all that its reader needs: what happened and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** Runs a command's work; advice is printed as it stands, anything else with its stack. */
export const runCommand = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof CliError ? error.message : error);
    process.exitCode = 1;
  }
};
