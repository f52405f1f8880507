import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  BackupSelection,
  BackupVault,
} from 'aws-cdk-lib/aws-backup';
import { type CronOptions, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CopyVault } from '../backup-settings.ts';
import type { ServiceTable } from './aggregate-table.ts';
import { createBackupAlarms } from './backup-alarms.ts';
import type { LockedVault } from './locked-vault.ts';
import { trustInOwnAccount } from './service-trust.ts';

interface TableBackupsProps {
  /** The tables in use: those of the data stack, or restored ones. */
  readonly tables: readonly Pick<ServiceTable, 'tableArn'>[];
  readonly store: LockedVault;
  /** The vault in another account that gets a copy of each backup. */
  readonly copyVault: CopyVault | undefined;
}

/** Long enough to notice that a backup of the day is not good. Each is a full copy of the tables. */
export const dailyRetention = Duration.days(7);
/** As long as point-in-time recovery, for when that was turned off or went with the account. */
const weeklyRetention = Duration.days(35);

/** Backs up each table every day, and copies each backup into the vault of another account. */
export class TableBackups extends Construct {
  constructor(scope: Construct, id: string, props: TableBackupsProps) {
    super(scope, id);
    const { tables, store, copyVault } = props;
    const { vault } = store;

    const destinations = copyVault
      ? [BackupVault.fromBackupVaultArn(this, 'Copies', copyVault.arn)]
      : [];
    const rule = (ruleName: string, schedule: CronOptions, deleteAfter: Duration) =>
      new BackupPlanRule({
        ruleName,
        scheduleExpression: Schedule.cron({ minute: '0', ...schedule }),
        deleteAfter,
        copyActions: destinations.map((destinationBackupVault) => ({
          destinationBackupVault,
          deleteAfter,
        })),
      });
    const plan = new BackupPlan(this, 'Plan', {
      backupVault: vault,
      backupPlanRules: [
        rule('Daily', { hour: '3' }, dailyRetention),
        rule('Weekly', { weekDay: 'SUN', hour: '4' }, weeklyRetention),
      ],
    });
    new BackupSelection(this, 'Tables', {
      backupPlan: plan,
      resources: tables.map(({ tableArn }) => BackupResource.fromArn(tableArn)),
      role: this.createRole(props),
      disableDefaultBackupPolicy: true,
    });
    createBackupAlarms(this, vault, copyVault);
  }

  /**
   * What the AWS managed policy AWSBackupServiceRolePolicyForBackup has for tables, on these tables and vaults alone.
   * It leaves out what a backup without the advanced features needs, which AWS Backup cannot copy.
   */
  private createRole({ tables, store, copyVault }: TableBackupsProps): Role {
    const { keyArn } = store.key;
    const stack = Stack.of(this);
    const recoveryPoints = stack.formatArn({
      service: 'backup',
      resource: 'recovery-point',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const statements = [
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeTable',
          'dynamodb:ListTagsOfResource',
          'dynamodb:StartAwsBackupJob',
        ],
        resources: tables.map(({ tableArn }) => tableArn),
      }),
      new PolicyStatement({
        actions: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'],
        resources: [store.vault.backupVaultArn, ...(copyVault ? [copyVault.arn] : [])],
      }),
      new PolicyStatement({ actions: ['backup:TagResource'], resources: [recoveryPoints] }),
      new PolicyStatement({
        actions: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [keyArn],
      }),
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources: [keyArn],
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
      ...(copyVault
        ? [
            new PolicyStatement({
              actions: ['backup:CopyFromBackupVault'],
              resources: [recoveryPoints],
              conditions: { 'ForAllValues:ArnEquals': { 'backup:CopyTargets': copyVault.arn } },
            }),
            // For a vault in another region: "Encryption for backups in AWS Backup".
            new PolicyStatement({
              actions: ['kms:DescribeKey'],
              resources: [stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
              conditions: {
                'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/aws/backup' },
              },
            }),
          ]
        : []),
    ];

    return new Role(this, 'Role', {
      assumedBy: trustInOwnAccount('backup'),
      inlinePolicies: { Backup: new PolicyDocument({ statements }) },
    });
  }
}
