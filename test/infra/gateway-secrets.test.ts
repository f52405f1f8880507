import { describe, expect, it } from 'vitest';
import { type Json, toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, type Synthesis, synthesize } from '../support/cdk/synthesis.ts';

const { production } = contexts;
const secretOf = (name: string) =>
  `arn:aws:secretsmanager:eu-central-1:111111111111:secret:${name}-AbCdEf`;
const { pgSecretArn = '' } = production;
const pgReadSecretArn = secretOf('pg-read');
const pgSecretKeyArn =
  'arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const charging = ['ChargePayment', 'InquirePayment', 'ExecuteRefund', 'ResolveReview'];
const reading = ['ReconcileLedger', 'ReceiveWebhook'];

/** The statements of the policies with an action, by the function whose role has them. */
const statementsWith = ({ all }: Synthesis, action: string): readonly (readonly [string, Json])[] =>
  all('AWS::IAM::Policy').flatMap(({ name, properties }) =>
    toList(valueAt(properties, 'PolicyDocument.Statement'))
      .filter((statement) => toList(valueAt(statement, 'Action')).includes(action))
      .map((statement) => [name.replace(/Role\/.*/, ''), statement] as const),
  );

/** The secrets of the gateway that each function may read. Functions also read keys that the stack generates. */
const secretsOf = (synthesis: Synthesis) =>
  Object.fromEntries(
    statementsWith(synthesis, 'secretsmanager:GetSecretValue')
      .map(([name, statement]) => [
        name,
        toList(valueAt(statement, 'Resource')).filter((arn) => toText(arn).startsWith('arn:')),
      ])
      .filter(([, secrets = []]) => secrets.length > 0),
  );

const variablesOf = ({ named }: Synthesis, names: readonly string[]) =>
  names.map((name) => valueAt(named(name).properties, 'Environment.Variables.PG_SECRET_KEY_ARN'));

describe("the gateway's API key", () => {
  it('is the same for all functions without a key that can only read', () => {
    const names = [...charging, ...reading];

    expect(secretsOf(synthesize(production))).toEqual(
      Object.fromEntries(names.map((name) => [name, [pgSecretArn]])),
    );
  });

  it('cannot charge in functions that only read at the gateway', () => {
    const synthesis = synthesize({ ...production, pgReadSecretArn });

    expect(secretsOf(synthesis)).toEqual({
      ...Object.fromEntries(charging.map((name) => [name, [pgSecretArn]])),
      ...Object.fromEntries(reading.map((name) => [name, [pgReadSecretArn]])),
    });
    expect(new Set(variablesOf(synthesis, charging))).toEqual(new Set([pgSecretArn]));
    expect(new Set(variablesOf(synthesis, reading))).toEqual(new Set([pgReadSecretArn]));
  });

  it('is decrypted by Secrets Manager only, and only the secret of the function', () => {
    const synthesis = synthesize({ ...production, pgReadSecretArn, pgSecretKeyArn });
    const statements = Object.fromEntries(statementsWith(synthesis, 'kms:Decrypt'));
    const ofSecret = (secretArn: string) => ({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: pgSecretKeyArn,
      Condition: {
        StringEquals: {
          'kms:ViaService': 'secretsmanager.AWS::Region.amazonaws.com',
          'kms:EncryptionContext:SecretARN': secretArn,
        },
      },
    });

    expect(statements).toEqual({
      ...Object.fromEntries(charging.map((name) => [name, ofSecret(pgSecretArn)])),
      ...Object.fromEntries(reading.map((name) => [name, ofSecret(pgReadSecretArn)])),
    });
  });

  it('needs no permission for a key that AWS manages', () => {
    expect(statementsWith(synthesize(production), 'kms:Decrypt')).toEqual([]);
  });
});
