/** A process on Lambda runs one invocation at a time. */
let remainingMs = () => Number.POSITIVE_INFINITY;

/** Notes when Lambda ends the invocation that begins. */
export const beginInvocation = (context: { getRemainingTimeInMillis(): number }): void => {
  remainingMs = () => context.getRemainingTimeInMillis();
};

/** Milliseconds until Lambda ends the invocation; infinite before the first one. */
export const remainingInvocationMs = (): number => remainingMs();
