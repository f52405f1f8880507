import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from '../../cdk/settings.ts';
import { contexts } from '../support/cdk/synthesis.ts';

const { production } = contexts;

const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
/** Each context that is an ARN, in the region of production. */
const arns = {
  pgSecretArn: 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:shop/pg.key-AbCdEf',
  pgReadSecretArn: 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:pg-read-AbCdEf',
  pgSecretKeyArn: `arn:aws:kms:eu-central-1:111111111111:key/${keyId}`,
  pageTopicArn: 'arn:aws:sns:eu-central-1:111111111111:page_1',
  ticketTopicArn: 'arn:aws:sns:eu-central-1:111111111111:ticket',
  originCertificateArn: `arn:aws:acm:eu-central-1:111111111111:certificate/${keyId}`,
};
const edge = {
  domainName: 'pay.shop.example',
  certificateArn: `arn:aws:acm:us-east-1:111111111111:certificate/${keyId}`,
  originDomainName: 'pay-origin.shop.example',
};
const context = { ...production, ...edge, ...arns };

describe('context that is an ARN', () => {
  it('is accepted in the region of the stage', () => {
    expect(parseSettings(context)).toMatchObject({ pgSecretKeyArn: arns.pgSecretKeyArn });
  });

  it.each(Object.entries(arns))('is not accepted in another region: %s', (name, arn) => {
    const elsewhere = arn.replace('eu-central-1', 'us-east-1');
    const read = () => parseSettings({ ...context, [name]: elsewhere });

    expect(read).toThrow(SettingsError);
    expect(read).toThrow(
      `✖ must be in the region eu-central-1, which the stage calls\n  → at ${name}`,
    );
  });

  it.each([
    ['pgSecretArn', 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:pg-key'],
    ['pgSecretArn', 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:pg-key-AbCdEf-'],
    ['pgReadSecretArn', 'arn:aws:ssm:eu-central-1:111111111111:parameter/pg-key-AbCdEf'],
    ['pgSecretKeyArn', 'arn:aws:kms:eu-central-1:111111111111:alias/pg'],
    ['pageTopicArn', 'arn:aws:sqs:eu-central-1:111111111111:page'],
    ['ticketTopicArn', 'ticket'],
  ])('names one thing of one kind: %s is not %s', (name, arn) => {
    const read = () => parseSettings({ ...context, [name]: arn });

    expect(read).toThrow(SettingsError);
    expect(read).toThrow(`→ at ${name}`);
  });
});
