export const capitalize = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** `charge-payment` becomes `ChargePayment`, as in a template. */
export const pascalCase = (kebab: string): string => kebab.split('-').map(capitalize).join('');

/** `ChargePayment` becomes `charge-payment`. */
export const kebabCase = (pascal: string): string =>
  pascal.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** `LoyaltyPoints` becomes `LOYALTY_POINTS`, as in an environment variable. */
export const upperSnakeCase = (pascal: string): string =>
  pascal.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase();
