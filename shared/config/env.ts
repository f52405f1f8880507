/** The environment variables of one function. On Lambda they are those of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The time zone of the shop, which defines its days. UTC by default. */
export const timeZoneFromEnv = ({ SHOP_TIME_ZONE }: Environment): string => SHOP_TIME_ZONE || 'UTC';

/** Reads variables. Throws one error that names all missing ones. */
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
