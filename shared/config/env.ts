/** The variables of one function by name: `process.env` on Lambda, a record where several functions share a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The shop's time zone, where its days begin at midnight. */
export const timeZoneFromEnv = ({ SHOP_TIME_ZONE }: Environment): string => SHOP_TIME_ZONE || 'UTC';

/** The named variables; throws one error that names every missing one. */
export const requireEnv = <N extends string>(
  environment: Environment,
  ...names: readonly N[]
): Record<N, string> => {
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new Error(`Set the environment variables ${missing.join(', ')}.`);
  }

  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<N, string>;
};
