/** A failure whose message is all that its reader needs: what happened and what to do. */
export class Advice extends Error {
  override readonly name = 'Advice';
}

/** Runs a command's work; advice is printed as it stands, anything else with its stack. */
export const command = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Advice ? error.message : error);
    process.exitCode = 1;
  }
};
