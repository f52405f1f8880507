import { stages } from '../../../cdk/stages.ts';
import { table } from '../../../dev/cli/markdown.ts';
import { concurrencyOfAccount, type RateNeeds, readsFor } from './needs.ts';
import { quotas, regionQuotas, regionSources } from './quotas.ts';

interface Results {
  readonly needs: readonly RateNeeds[];
}

const { concurrency } = stages.production;

const whole = (value: number) => Math.ceil(value).toLocaleString('en-US');
const largest = ([one]: readonly { readonly of: string; readonly units: number }[]) =>
  one ?? { of: 'none', units: 0 };
const byRegion = 'by region';

/** What each rate needs of each quota, and the default quota. */
export const needTable = ({ needs }: Results): string => {
  const row = (name: string, quota: string, need: (rate: RateNeeds) => number) => [
    name,
    quota,
    ...needs.map((rate) => whole(need(rate))),
  ];
  const first = needs[0];

  return table(
    [
      '',
      'default quota',
      ...needs.map(({ perSecond }) => `${perSecond.toLocaleString('en-US')}/s`),
    ],
    [
      row(
        'Lambda executions, each buyer asks once a second',
        whole(quotas.concurrentExecutions.value),
        (rate) => concurrencyOfAccount(rate, 'ask', concurrency),
      ),
      row(
        'Lambda executions, each buyer waits in a long poll',
        whole(quotas.concurrentExecutions.value),
        (rate) => concurrencyOfAccount(rate, 'wait', concurrency),
      ),
      row(
        'API Gateway requests a second, each buyer asks',
        byRegion,
        ({ apiRequests }) => apiRequests.withoutLongPolls,
      ),
      row(
        'API Gateway requests a second, each buyer waits',
        byRegion,
        ({ apiRequests }) => apiRequests.withLongPolls,
      ),
      row('EventBridge PutEvents requests a second, at most', byRegion, (rate) => rate.putEvents),
      row('EventBridge deliveries a second', byRegion, (rate) => rate.deliveries),
      row(
        `DynamoDB write units a second of the most written table or index${first ? ` (${largest(first.writeUnits).of})` : ''}`,
        `${whole(quotas.unitsOfANewTable.value)} on the first day, ${whole(quotas.unitsOfATable.value)} later`,
        ({ writeUnits }) => largest(writeUnits).units,
      ),
      ...(first?.sharedKeyUnits ?? []).map(({ of }) =>
        row(
          `DynamoDB write units a second of one partition key of ${of}`,
          whole(quotas.unitsOfAPartition.value),
          ({ sharedKeyUnits }) => sharedKeyUnits.find((one) => one.of === of)?.units ?? 0,
        ),
      ),
      row(
        'SQS charges in flight',
        whole(quotas.messagesInFlight.value),
        (rate) => rate.chargesInFlight,
      ),
      row('Step Functions transitions a second', byRegion, (rate) => rate.stateTransitions),
    ],
  );
};

/** The executions to reserve for each function at each rate, and production's table. */
export const executionTable = ({ needs }: Results): string => {
  const folders = needs[0]?.functions.map(({ folder }) => folder) ?? [];
  const reservation = (folder: string) =>
    whole((concurrency as Readonly<Record<string, number>>)[folder] ?? Number.NaN);
  const readRow = (name: string, buyers: 'wait' | 'ask') => [
    name,
    reservation('get-payment'),
    ...needs.map((rate) => whole(readsFor(rate, buyers))),
  ];

  return table(
    [
      'function',
      'production',
      ...needs.map(({ perSecond }) => `${perSecond.toLocaleString('en-US')}/s`),
    ],
    [
      ...folders.map((folder) => [
        folder,
        reservation(folder),
        ...needs.map(({ functions }) =>
          whole(functions.find((one) => one.folder === folder)?.reserved ?? Number.NaN),
        ),
      ]),
      readRow('get-payment, each buyer asks once a second', 'ask'),
      readRow('get-payment, each buyer waits in a long poll', 'wait'),
    ],
  );
};

/** Payments a second that the default quotas of EventBridge and API Gateway allow. Needs grow with the rate. */
export const rateOfRegion = (
  { putEvents, deliveries, requests }: (typeof regionQuotas)[number],
  { perSecond, ...need }: RateNeeds,
): number =>
  perSecond *
  Math.min(
    putEvents / need.putEvents,
    deliveries / need.deliveries,
    requests / need.apiRequests.withoutLongPolls,
  );

/** The default quotas by region, and the rate of payments that they allow by the needs of the highest rate. */
export const regionTable = ({ needs }: Results): string => {
  const need = needs.at(-1);

  return table(
    ['regions', 'PutEvents/s', 'deliveries/s', 'API requests/s', 'transitions/s', 'payments/s'],
    regionQuotas.map((quota) => [
      quota.regions,
      whole(quota.putEvents),
      whole(quota.deliveries),
      whole(quota.requests),
      whole(quota.stateTransitions),
      need ? Math.floor(rateOfRegion(quota, need)).toLocaleString('en-US') : '',
    ]),
  );
};

/** Where AWS states each quota: pages of its documentation. */
export const quotaSourceTable = (): string =>
  table(
    ['quota', 'source'],
    [
      ...Object.entries(regionSources),
      ...Object.entries(quotas).map(([name, { source }]) => [name, source]),
    ],
  );
