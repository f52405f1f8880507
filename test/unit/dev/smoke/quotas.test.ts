import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeQuotas } from '../../../../dev/smoke/quotas.ts';

const serviceQuotas = mockClient(ServiceQuotasClient);
const missing = new NoSuchResourceException({ message: 'none', $metadata: {} });
const codes = { serviceCode: 'lambda', quotaCode: 'L-B99A9384' };
const describeConcurrency = () =>
  describeQuotas(
    [
      {
        ...codes,
        name: 'Lambda executions',
        needed: [
          { perSecond: 100, value: 850.2 },
          { perSecond: 1_000, value: 6_500 },
        ],
      },
    ],
    new ServiceQuotasClient({ region: 'us-east-1' }),
  );

beforeEach(() => {
  serviceQuotas.reset();
  serviceQuotas.on(GetServiceQuotaCommand).rejects(missing);
  serviceQuotas.on(GetAWSDefaultServiceQuotaCommand).rejects(missing);
});

describe('the quotas of an account', () => {
  const request = { ServiceCode: codes.serviceCode, QuotaCode: codes.quotaCode };

  it('are those of the account, beside what each rate needs', async () => {
    serviceQuotas.on(GetServiceQuotaCommand, request).resolves({ Quota: { Value: 3_000 } });
    serviceQuotas.on(GetAWSDefaultServiceQuotaCommand).resolves({ Quota: { Value: 1_000 } });

    expect(await describeConcurrency()).toEqual([
      'Lambda executions: 3,000; 100 payments a second need 851; 1,000 payments a second need 6,500: too low',
    ]);
  });

  it('are the defaults of AWS if the account has none of its own', async () => {
    serviceQuotas.on(GetAWSDefaultServiceQuotaCommand, request).resolves({ Quota: { Value: 850 } });

    expect(await describeConcurrency()).toEqual([
      'Lambda executions: 850; 100 payments a second need 851: too low; 1,000 payments a second need 6,500: too low',
    ]);
  });

  it('are not known if Service Quotas has neither', async () => {
    expect(await describeConcurrency()).toEqual([
      'Lambda executions: not known; 100 payments a second need 851; 1,000 payments a second need 6,500',
    ]);
  });

  it('are not hidden by a missing permission', async () => {
    serviceQuotas.on(GetServiceQuotaCommand).rejects(new Error('AccessDenied'));

    await expect(describeConcurrency()).rejects.toThrow('AccessDenied');
  });
});
