/**
 * The value of a member of an object: the only JMESPath that the functions use. Bundles use it in place of
 * Powertools' interpreter, which is 5 % of a bundle and is loaded at each cold start.
 *
 * Throws an Error for any other expression.
 */
export const search = (expression: string, data: unknown): unknown => {
  if (!/^[A-Za-z_]\w*$/.test(expression)) {
    throw new Error(`The JMESPath "${expression}" is not the name of a member.`);
  }

  return typeof data === 'object' && data !== null && Object.hasOwn(data, expression)
    ? (data as Readonly<Record<string, unknown>>)[expression]
    : null;
};

/** Powertools passes its own functions to `search`. The name of a member calls none. */
export class PowertoolsFunctions {}
