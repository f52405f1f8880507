import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { formatNumber } from '../cli/format-number.ts';

/** A quota that bounds the rate of payments, by its codes in Service Quotas, and what each rate needs of it. */
export interface QuotaNeed {
  readonly name: string;
  readonly serviceCode: string;
  readonly quotaCode: string;
  readonly needed: readonly { readonly perSecond: number; readonly value: number }[];
}

/** The quota of the account; the default of AWS if Service Quotas has no value of the account; undefined without both. */
const readQuota = async (
  client: ServiceQuotasClient,
  { serviceCode: ServiceCode, quotaCode: QuotaCode }: QuotaNeed,
): Promise<number | undefined> => {
  const undefinedIfMissing = (error: unknown): undefined => {
    if (!(error instanceof NoSuchResourceException)) throw error;
  };
  const applied = await client
    .send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }))
    .catch(undefinedIfMissing);
  if (applied?.Quota?.Value !== undefined) return applied.Quota.Value;
  const byDefault = await client
    .send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }))
    .catch(undefinedIfMissing);

  return byDefault?.Quota?.Value;
};

const describeQuota = ({ name, needed }: QuotaNeed, value: number | undefined): string => {
  const rates = needed.map((need) => {
    const isTooLow = value !== undefined && value < need.value;

    return `${formatNumber(need.perSecond)} payments a second need ${formatNumber(Math.ceil(need.value))}${isTooLow ? ': too low' : ''}`;
  });

  return `${name}: ${value === undefined ? 'not known' : formatNumber(value)}; ${rates.join('; ')}`;
};

/** One line for each quota, with its value in the account and region of the environment. */
export const describeQuotas = (
  needs: readonly QuotaNeed[],
  client = new ServiceQuotasClient(),
): Promise<readonly string[]> =>
  Promise.all(needs.map(async (need) => describeQuota(need, await readQuota(client, need))));
