/** A failure whose message says what happened and what to do. It is printed without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/**
 * Turns an error of an AWS call into a CliError: AWS refuses the request, for missing permissions or expired
 * credentials, or the stack has stopped. Other errors pass through.
 */
export const rethrowAwsError = (error: Error): never => {
  if (!('$metadata' in error)) throw error;
  const { httpStatusCode = 503 } = error.$metadata as { readonly httpStatusCode?: number };
  const what =
    httpStatusCode < 500 ? 'AWS refuses the request' : 'The stack is no longer reachable';
  throw new CliError(`${what}: ${error.name}: ${error.message}`);
};

/** Runs a command. On failure prints the message of a CliError, or another error with its stack; the exit code is 1. */
export const runCommand = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof CliError ? error.message : error);
    process.exitCode = 1;
  }
};
