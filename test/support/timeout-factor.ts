/** How many times longer than on the usual local stack things may take. Containers take their time to start. */
export const timeoutFactor = Number(process.env.AFTERCOMMIT_PATIENCE ?? 1);
