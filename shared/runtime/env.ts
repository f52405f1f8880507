/** The named environment variables; throws one error that names every missing one. */
export const requireEnv = <N extends string>(...names: readonly N[]): Record<N, string> => {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    throw new Error(`Set the environment variables ${missing.join(', ')}.`);
  }

  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Record<N, string>;
};
