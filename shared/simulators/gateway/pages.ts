import type { ZodError } from 'zod';
import { html, pageReply } from '../html-page.ts';
import type { PlainResponse } from '../plain-http.ts';

/** An amount in minor units as a buyer reads it, such as "KRW 12,500". */
export const describeAmount = ({
  amount,
  currency,
}: {
  readonly amount: number;
  readonly currency: string;
}): string => {
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
  });
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions();

  return format.format(amount / 10 ** digits).replaceAll('\u00a0', ' ');
};

/** Names the parameters of a page that are missing or not valid. */
export const invalidPage = ({ issues }: ZodError): PlainResponse => {
  const names = new Set(issues.map(({ path }) => path.join('.')));

  return pageReply({
    status: 400,
    title: 'This page cannot be shown',
    body: html`<p>Check these parameters of its address: <code>${[...names].join(', ')}</code>.</p>`,
  });
};
