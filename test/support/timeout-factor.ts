/** How many times longer than on the usual local stack things may take. Containers take their time to start. */
export const patience = Number(process.env.AFTERCOMMIT_PATIENCE ?? 1);
