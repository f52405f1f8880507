import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { DataStack } from '../../cdk/data-stack.ts';
import { serviceTablesOf } from '../../cdk/restored-tables.ts';
import { parseSettings } from '../../cdk/settings.ts';
import { stages } from '../../cdk/stages.ts';
import type { Json } from '../support/cdk/intrinsics.ts';
import { contexts, type Synthesis, synthesize } from '../support/cdk/synthesis.ts';
import { runbookSection } from '../support/runbook.ts';

const ids = {
  orders: 'Orders',
  payments: 'Payments',
  refunds: 'Refunds',
  reviews: 'Reviews',
  balances: 'Balances',
  products: 'Products',
  coupons: 'Coupons',
  compensations: 'Compensations',
  idempotency: 'Idempotency',
  loyaltyPoints: 'LoyaltyPoints',
  rankings: 'Rankings',
  deliveries: 'Deliveries',
  audits: 'Audits',
} as const;
const withStream: readonly string[] = ['orders', 'payments', 'refunds', 'loyaltyPoints'];

const prefix = 'arn:aws:dynamodb:eu-central-1:111111111111:table/aftercommit-production-';
const suffix = '20261130T205200Z';
const label = '/stream/2026-11-30T21:40:00.123';
const arnOf = (id: string) => `${prefix}${id}-${suffix}`;
const restoredTables = Object.fromEntries(
  Object.entries(ids).map(([name, id]) => [
    name,
    `${arnOf(id)}${withStream.includes(name) ? label : ''}`,
  ]),
);

const { production } = contexts;
const withTables = (tables: unknown) => ({ ...production, restoredTables: JSON.stringify(tables) });
const usual = synthesize(production);
const restored = synthesize(withTables(restoredTables));

/** The value with the restored tables in the place of references to those of the data stack. */
const replaceTables = (value: Json): Json => {
  if (typeof value === 'string') {
    const [, id = '', attribute, rest = ''] =
      /^(\w+)(\.Arn|\.StreamArn)?(\/.*)?$/.exec(value) ?? [];
    if (!Object.values<string>(ids).includes(id)) return value;
    if (attribute === undefined) return `aftercommit-production-${id}-${suffix}`;

    return `${arnOf(id)}${attribute === '.StreamArn' ? label : ''}${rest}`;
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(replaceTables);

  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaceTables(one)]));
};

const dataStack = 'aftercommit-production-data';

/** The properties of all resources outside of the data stack, by stack and name. The URL of a nested template is its hash. */
const serviceProperties = ({ all }: Synthesis) =>
  new Map(
    all()
      .filter(({ stack, type }) => stack !== dataStack && type !== 'AWS::CloudFormation::Stack')
      .map(({ stack, name, type, properties }) => [`${stack} ${name} ${type}`, properties]),
  );

describe('a stage with restored tables', () => {
  it('differs from the usual one by the tables alone', () => {
    const expected = serviceProperties(usual);
    const found = serviceProperties(restored);

    expect([...found.keys()]).toEqual([...expected.keys()]);
    for (const [name, properties] of expected)
      expect(found.get(name), name).toEqual(replaceTables(properties));
  });

  it('reads, writes and watches no table of the data stack', () => {
    const service = JSON.stringify([...serviceProperties(restored)]);
    const variables = restored
      .all('AWS::Lambda::Function')
      .flatMap(({ properties }) =>
        [...JSON.stringify(properties).matchAll(/"\w+_TABLE":"([^"]+)"/g)].map(([, name]) => name),
      );
    const streams = restored
      .all('AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => `${properties.EventSourceArn}`)
      .filter((arn) => arn.includes('/stream/'));

    expect(service).not.toMatch(
      new RegExp(`"(?:${Object.values(ids).join('|')})\\.(?:Stream)?Arn`),
    );
    expect(new Set(variables)).toEqual(
      new Set(Object.values(ids).map((id) => `aftercommit-production-${id}-${suffix}`)),
    );
    expect(streams.toSorted()).toEqual(withStream.map((name) => restoredTables[name]).toSorted());
  });

  it('leaves the data stack as it is, with every export that a deployed service imports', () => {
    const dataOf = ({ all, templates }: Synthesis) => ({
      resources: all().filter(({ stack }) => stack === dataStack),
      exports: templates.find(({ name }) => name === dataStack)?.exports,
    });

    expect(dataOf(restored)).toEqual(dataOf(usual));
    expect(dataOf(restored).exports).toBeGreaterThan(2 * Object.keys(ids).length);
  });
});

describe('the runbook for a restore', () => {
  const section = runbookSection('Restore to a second');
  const namesOf = (list: string) =>
    (new RegExp(`^${list}\\(\\) { echo (.+); }$`, 'm').exec(section)?.[1] ?? '').split(' ');

  it('restores all tables', () => {
    expect(namesOf('tables')).toEqual(Object.values(ids));
  });

  it('stops the functions of the API that change items, none of which has reserved concurrency', () => {
    const changing = [
      ...readFileSync('docs/architecture.md', 'utf8').matchAll(
        /^\| \w+ \| \[([\w-]+)\]\S+ \| `POST [^|]+\| .*\*\*(?!Audits)[A-Z].*$/gm,
      ),
    ].map(([, folder = '']) => pascalCase(folder));

    expect(changing).toContain('AcceptPayment');
    expect(['AcceptPayment', ...namesOf('writers')].toSorted()).toEqual(changing.toSorted());
    for (const name of namesOf('writers')) {
      expect(usual.outputs).toHaveProperty(`Function${name}`);
      expect(usual.named(name).properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  it('stops all event source mappings by the resources of the service stack', () => {
    const mappings = usual.all('AWS::Lambda::EventSourceMapping');

    expect(new Set(mappings.map(({ stack }) => stack))).toEqual(
      new Set(['aftercommit-production-service']),
    );
    // CloudFormation shortens a stack's name in the names of its functions, so these do not select the mappings.
    expect(section).toContain(
      'mappings() { aws cloudformation list-stack-resources --stack-name $stack ',
    );
    expect(section).toContain(`mappings | wc -w     # ${mappings.length}:`);
  });
});

describe('the context restoredTables', () => {
  const { tables } = new DataStack(new App(), 'data', stages.production, {});
  const { orders, ...others } = restoredTables;
  const changed = (name: string, from: string, to: string) => ({
    ...restoredTables,
    [name]: (restoredTables[name] ?? '').replace(from, to),
  });

  it.each([
    ['a missing table', others, 'orders is missing'],
    ['an unknown table', { ...restoredTables, order: orders }, 'Unknown table "order"'],
    ['a name of every object', { ...restoredTables, toString: orders }, 'Unknown table "toString"'],
    [
      'a name instead of an ARN',
      { ...restoredTables, coupons: 'coupons' },
      'coupons must be the ARN',
    ],
    [
      'a table without the stream that the relay reads',
      changed('payments', label, ''),
      "payments must be the ARN of the table's stream",
    ],
    [
      'a stream that nothing reads',
      { ...restoredTables, balances: `${restoredTables.balances}${label}` },
      'balances must be the ARN of the table',
    ],
    [
      'another account',
      changed('reviews', '111111111111', '222222222222'),
      'reviews is in 222222222222',
    ],
    [
      'another region',
      changed('audits', 'eu-central-1', 'eu-west-1'),
      'audits is in 111111111111 and eu-west-1',
    ],
    [
      'a table of another stage',
      changed('refunds', 'production', 'sandbox'),
      'refunds must have the name aftercommit-production-Refunds-20261130T205200Z',
    ],
    [
      'two tables exchanged',
      changed('products', 'Products', 'Balances'),
      'products must have the name aftercommit-production-Products-20261130T205200Z',
    ],
    [
      'a table of another restore',
      changed('balances', suffix, '20261130T205300Z'),
      'balances must have the name aftercommit-production-Balances-20261130T205200Z',
    ],
  ])('rejects %s and names it', (_, context, message) => {
    expect(() => serviceTablesOf(tables, parseSettings(withTables(context)))).toThrow(message);
  });

  it.each([
    ['restore', changed('orders', suffix, '20261130T205300Z')],
    ['kind', changed('orders', 'Orders', 'Payments')],
    ['account', changed('orders', '111111111111', '222222222222')],
  ])('names the first table alone if it is of another %s', (_, wrong) => {
    const settings = { stage: 'production', account: undefined, region: undefined } as const;

    expect(() => serviceTablesOf(tables, { ...settings, restoredTables: wrong })).toThrow(
      /^[^\n]+\n✖ orders [^\n]+$/,
    );
  });

  it.each(['', 'orders', '[]', '{"orders":1}'])(
    'rejects %j, which is not JSON of texts',
    (value) => {
      expect(() => parseSettings({ ...production, restoredTables: value })).toThrow(
        'restoredTables',
      );
    },
  );

  it('accepts the object of a context file', () => {
    expect(parseSettings({ ...production, restoredTables }).restoredTables).toEqual(restoredTables);
  });
});
