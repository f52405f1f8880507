/** Whether it is a key that may act for the shop: of Stripe (sk_, rk_) or Toss (test_sk_, live_gsk_). */
const isSecretKey = (key: string): boolean => /^(?:(?:test|live)_)?(?:g?sk|rk)_/i.test(key.trim());

/** The form of each gateway's publishable keys. The simulator has none. */
const forms = {
  simulator: undefined,
  stripe: { pattern: /^pk_(?:test|live)_\w+$/, start: 'pk_test_ or pk_live_' },
  toss: {
    pattern: /^(?:test|live)_g?ck_\w+$/,
    start: 'test_ck_, live_ck_, test_gck_ or live_gck_',
  },
} as const;

/** What is wrong with a key that buyers' pages are to get; undefined if nothing is. Never repeats the key. */
export const clientKeyErrorOf = (
  pgAdapter: keyof typeof forms,
  key: string,
): string | undefined => {
  if (isSecretKey(key)) return 'must be a publishable key, not a secret one: buyers see it';
  const form = forms[pgAdapter];
  if (form === undefined) return 'belongs to stripe and toss only';

  return form.pattern.test(key) ? undefined : `must begin with ${form.start}`;
};
