import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from '../../cdk/settings.ts';
import { metricsOf } from '../support/cdk/alarms.ts';
import { type Fields, type Json, toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, type Synthesis, synthesize } from '../support/cdk/synthesis.ts';

const { local, sandbox, production } = contexts;
const { backupVaultArn: copies = '' } = production;
const withoutCopies = synthesize({ ...production, backupVaultArn: 'none' });
const withCopies = synthesize(production);

const rulesOf = ({ named }: Synthesis) =>
  toList(valueAt(named('Backups/Plan').properties, 'BackupPlan.BackupPlanRule'));

/** The statements of the role: each action with its resources and its condition. */
const permissionsOf = ({ named }: Synthesis) =>
  Object.fromEntries(
    toList(valueAt(named('Backups/Role').properties, 'Policies.0.PolicyDocument.Statement'))
      .flatMap((statement) =>
        toList(valueAt(statement, 'Action')).map((action): [string, Json | undefined, Json[]] => [
          toText(action),
          valueAt(statement, 'Condition'),
          toList(valueAt(statement, 'Resource')).toSorted(),
        ]),
      )
      .map(([action, condition, resources]) => [
        condition === undefined ? action : `${action} if ${toText(condition)}`,
        resources,
      ]),
  );

const ownAccount = 'arn:aws:backup:eu-central-1:111111111111';

describe('the backups of production', () => {
  const tables = withCopies.all('AWS::DynamoDB::Table').map(({ name }) => `${name}.Arn`);

  it('include every table', () => {
    const { properties } = withCopies.named('Backups/Tables');

    expect(tables.length).toBeGreaterThan(10);
    expect(toList(valueAt(properties, 'BackupSelection.Resources')).toSorted()).toEqual(
      tables.toSorted(),
    );
  });

  it('run every day, and keep a week of days and five weeks', () => {
    expect(
      rulesOf(withCopies).map((rule) => [
        valueAt(rule, 'ScheduleExpression'),
        valueAt(rule, 'Lifecycle.DeleteAfterDays'),
        valueAt(rule, 'TargetBackupVault'),
      ]),
    ).toEqual([
      ['cron(0 3 * * ? *)', 7, 'Backups/Vault.BackupVaultName'],
      ['cron(0 4 ? * SUN *)', 35, 'Backups/Vault.BackupVaultName'],
    ]);
  });

  it('are copied to the other account, and kept there as long', () => {
    for (const rule of rulesOf(withCopies))
      expect(valueAt(rule, 'CopyActions')).toEqual([
        { DestinationBackupVaultArn: copies, Lifecycle: valueAt(rule, 'Lifecycle') },
      ]);
    for (const rule of rulesOf(withoutCopies))
      expect(toList(valueAt(rule, 'CopyActions'))).toEqual([]);
  });

  it('are locked for a week, under a key of their own that rotates', () => {
    expect(withCopies.named('Backups/Vault').properties).toMatchObject({
      EncryptionKeyArn: 'Backups/Key.Arn',
      LockConfiguration: { MinRetentionDays: 7 },
    });
    expect(withCopies.named('Backups/Key').properties.EnableKeyRotation).toBe(true);
  });

  it('are made by a role that can do nothing else', () => {
    const own: Fields = {
      'dynamodb:DescribeTable': tables.toSorted(),
      'dynamodb:ListTagsOfResource': tables.toSorted(),
      'dynamodb:StartAwsBackupJob': tables.toSorted(),
      'backup:TagResource': [`${ownAccount}:recovery-point:*`],
      'kms:DescribeKey': ['Backups/Key.Arn'],
      'kms:GenerateDataKey': ['Backups/Key.Arn'],
      'kms:Decrypt': ['Backups/Key.Arn'],
      'kms:CreateGrant if {"Bool":{"kms:GrantIsForAWSResource":"true"}}': ['Backups/Key.Arn'],
    };
    const vault = 'Backups/Vault.BackupVaultArn';

    expect(permissionsOf(withoutCopies)).toEqual({
      ...own,
      'backup:DescribeBackupVault': [vault],
      'backup:CopyIntoBackupVault': [vault],
    });
    expect(permissionsOf(withCopies)).toEqual({
      ...own,
      'backup:DescribeBackupVault': [vault, copies],
      'backup:CopyIntoBackupVault': [vault, copies],
      [`backup:CopyFromBackupVault if {"ForAllValues:ArnEquals":{"backup:CopyTargets":"${copies}"}}`]:
        [`${ownAccount}:recovery-point:*`],
      'kms:DescribeKey if {"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/aws/backup"}}':
        ['arn:aws:kms:eu-central-1:111111111111:key/*'],
    });
    expect(withCopies.named('Backups/Role').properties).toMatchObject({
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'backup.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' } },
          },
        ],
      },
    });
    expect(withCopies.named('Backups/Role').properties.ManagedPolicyArns).toBeUndefined();
  });

  it('are in no other stage: a vault with backups outlives its stack', () => {
    for (const context of [local, sandbox])
      expect(
        synthesize(context)
          .all()
          .filter(({ type }) => type.startsWith('AWS::Backup::')),
      ).toEqual([]);
  });
});

describe('the alarms of the backups', () => {
  const countedBy = ({ named }: Synthesis, alarm: string) => {
    const { properties } = named(alarm);

    return [properties, ...metricsOf(properties)]
      .filter((metric) => valueAt(metric, 'Namespace') === 'AWS/Backup')
      .map((metric) => [valueAt(metric, 'MetricName'), valueAt(metric, 'Dimensions.0.Value')]);
  };
  const failedBackups = ['Failed', 'Aborted', 'Expired'].map((state) => [
    `NumberOfBackupJobs${state}`,
    'Backups/Vault.BackupVaultName',
  ]);

  it('fire for each backup and each copy that fails', () => {
    expect(countedBy(withCopies, 'Backups/Failed')).toEqual([
      ...failedBackups,
      // The metrics of a copy have the name of the vault that it goes to.
      ['NumberOfCopyJobsFailed', 'payments'],
    ]);
    expect(countedBy(withoutCopies, 'Backups/Failed')).toEqual(failedBackups);
    expect(withCopies.named('Backups/Failed').properties).toMatchObject({ Threshold: 1 });
  });

  it('fire if there was no backup or no copy for two days', () => {
    const missing = {
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 86_400,
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    };

    for (const [alarm, metric, vault] of [
      ['BackupsMissing', 'NumberOfBackupJobsCompleted', 'Backups/Vault.BackupVaultName'],
      ['CopiesMissing', 'NumberOfCopyJobsCompleted', 'payments'],
    ] as const) {
      expect(withCopies.named(`Backups/${alarm}`).properties).toMatchObject(missing);
      expect(countedBy(withCopies, `Backups/${alarm}`)).toEqual([[metric, vault]]);
    }
    expect(withoutCopies.all().map(({ name }) => name)).not.toContain('Backups/CopiesMissing');
  });
});

describe('context of the backups', () => {
  const vaultOf = (account: string, name = 'payments') =>
    `arn:aws:backup:eu-west-1:${account}:backup-vault:${name}`;

  it.each([
    ['production without a vault', { ...production, backupVaultArn: undefined }],
    ['the name of a vault', { ...production, backupVaultArn: 'payments' }],
    ['the ARN of a table', { ...production, backupVaultArn: 'arn:aws:dynamodb:::table/t' }],
    ['a vault of the same account', { ...production, backupVaultArn: vaultOf('111111111111') }],
    ['a default vault', { ...production, backupVaultArn: vaultOf('222222222222', 'Default') }],
    ['a sandbox with a vault', { ...sandbox, backupVaultArn: vaultOf('222222222222') }],
    ['a local stage without copies', { ...local, backupVaultArn: 'none' }],
  ])('rejects %s and names it', (_, context) => {
    const read = () => parseSettings(context);

    expect(read).toThrow(SettingsError);
    expect(read).toThrow('→ at backupVaultArn');
  });

  it('accepts a vault in another region', () => {
    const arn = vaultOf('222222222222');

    expect(parseSettings({ ...production, backupVaultArn: arn })).toMatchObject({
      copyVault: { arn, name: 'payments' },
    });
  });
});
