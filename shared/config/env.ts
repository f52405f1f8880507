/** The shop's time zone: a day of the shop begins there at midnight. */
export const timeZoneFromEnv = (): string => process.env.SHOP_TIME_ZONE || 'UTC';

/** The named environment variables; throws one error that names every missing one. */
export const requireEnv = <N extends string>(...names: readonly N[]): Record<N, string> => {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    throw new Error(`Set the environment variables ${missing.join(', ')}.`);
  }

  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Record<N, string>;
};
