import { RejectionError } from '../domain/errors.ts';

export const maxReturnUrlLength = 1_000;

/** Whether a text is the address of a web page that is not too long, also with its escapes. */
export const isWebUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, href } = new URL(text);

  return /^https?:$/.test(protocol) && href.length <= maxReturnUrlLength;
};

/**
 * Returns the URL to which the gateway sends the buyer back, as each parser reads it. Throws the rejection
 * return-url-not-allowed if its origin is none of the stage's, or if it has a user name. An origin with the
 * port `*` stands for every port of its host.
 */
export const allowedReturnUrl = (returnUrl: string, origins: readonly string[]): string => {
  const { origin, protocol, hostname, username, password, href } = new URL(returnUrl);
  const isAllowed = [origin, `${protocol}//${hostname}:*`].some((one) => origins.includes(one));
  if (isAllowed && `${username}${password}` === '') return href;
  throw new RejectionError({
    code: 'return-url-not-allowed',
    detail: 'Buyers are sent back to pages of the shop only.',
    errors: [{ pointer: '/returnUrl', detail: "This is not a page of the shop's sites." }],
  });
};

/** The stage's return origins, from the variable RETURN_ORIGINS. */
export const returnOriginsFrom = ({
  RETURN_ORIGINS = '',
}: Readonly<Record<string, string | undefined>>): readonly string[] => RETURN_ORIGINS.split(',');
