/** Factor for all timeouts; above 1 for stacks in containers, which start slowly. */
export const timeoutFactor = Number(process.env.AFTERCOMMIT_TIMEOUT_FACTOR ?? 1);
