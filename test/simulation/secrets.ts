import type { RunRecord } from './run-record.ts';

/** With which notifications are signed. */
export const signingSecret = Buffer.from('a secret of the simulation, long enough').toString(
  'base64',
);

/**
 * Texts that no log line, event, delivery or response may contain: keys, and the tokens that buyers pay with.
 * Not the tokens of Toss, which names a charge by its token.
 */
export const secretsOf = ({
  gateway,
  paymentMethods,
}: Pick<RunRecord, 'gateway' | 'paymentMethods'>): readonly string[] => {
  const tokens = [...paymentMethods.values()].flatMap((ofPayment) => [...ofPayment]);

  return [
    signingSecret,
    ...gateway.secrets,
    ...(gateway.adapter === 'toss' ? [] : new Set(tokens)),
  ];
};

/**
 * Texts for the buyer of a payment alone: the addresses of the pages on which buyers decide, and the name of the
 * field that has them.
 */
export const privateTextsOf = ({ gateway }: Pick<RunRecord, 'gateway'>): readonly string[] => [
  ...gateway.pages.actionUrls(),
  'nextAction',
];
