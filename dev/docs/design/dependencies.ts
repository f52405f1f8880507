import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../cli/paths.ts';
import { excerptOf } from './excerpt.ts';

const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

const stores = ['orders', 'payments', 'balances', 'products', 'coupons', 'rankings'];
const outside = { gateway: 'PG', sendToDataPlatform: 'data platform', notify: 'notifications' };

const namedIn = (text: string): string[] => {
  const has = (name: string) => new RegExp(`\\b${name}\\b`).test(text);

  return [
    ...stores.filter(has),
    ...Object.entries(outside).flatMap(([name, system]) => (has(name) ? [system] : [])),
  ];
};

const baseline = 'test/bench/baseline';

/** The tables and external systems that each form uses, directly or through shared parts, counted in its code. */
export const dependencies = (): Readonly<
  Record<'synchronous' | 'one-transaction' | 'after', readonly string[]>
> => {
  // Both forms of the brief share these files.
  const shared = ['reserve.ts', 'compensate.ts', 'consumers.ts'].map((file) =>
    textOf(`${baseline}/${file}`),
  );
  const repositories = excerptOf(
    textOf('shared/application/payments/payment-repositories.ts'),
    'export interface PaymentRepositories',
  );
  const form = (file: string) =>
    namedIn([...shared, repositories, textOf(`${baseline}/${file}`)].join('\n'));

  return {
    synchronous: form('synchronous.ts'),
    'one-transaction': form('one-transaction.ts'),
    after: namedIn(`${repositories}\n${textOf('functions/accept-payment/handler.ts')}`),
  };
};
