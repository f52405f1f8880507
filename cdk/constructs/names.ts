export const capitalize = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** `charge-payment` is `ChargePayment` in a template. */
export const pascalCase = (kebab: string): string => kebab.split('-').map(capitalize).join('');

/** And back. */
export const kebabCase = (pascal: string): string =>
  pascal.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** `LoyaltyPoints` is `LOYALTY_POINTS` in an environment. */
export const upperSnakeCase = (pascal: string): string =>
  pascal.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase();
