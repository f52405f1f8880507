import { Duration } from 'aws-cdk-lib';
import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { CopyVault } from '../backup-settings.ts';
import { sumOfCounts, sumOverFiveMinutes } from './alarm-metrics.ts';
import { createRunbookAlarm } from './runbook.ts';

const sumOfADay = { statistic: Stats.SUM, period: Duration.days(1) };

/**
 * Adds the alarms on backups and copies that failed, and on none for two days: a plan that no longer runs fails nothing. A copy
 * counts under the name of the vault that it goes to: "AWS Backup metrics with Amazon CloudWatch".
 */
export const createBackupAlarms = (
  scope: Construct,
  { backupVaultName }: IBackupVault,
  copyVault: CopyVault | undefined,
): void => {
  const jobs = (BackupVaultName: string, metricName: string, over = sumOverFiveMinutes) =>
    new Metric({
      ...over,
      namespace: 'AWS/Backup',
      metricName,
      dimensionsMap: { BackupVaultName },
    });

  createRunbookAlarm(scope, 'Failed', {
    metric: sumOfCounts([
      ...['Failed', 'Aborted', 'Expired'].map((state) =>
        jobs(backupVaultName, `NumberOfBackupJobs${state}`),
      ),
      ...(copyVault ? [jobs(copyVault.name, 'NumberOfCopyJobsFailed')] : []),
    ]),
    entry: 'backup-failed',
  });
  const completed = {
    Backups: jobs(backupVaultName, 'NumberOfBackupJobsCompleted', sumOfADay),
    ...(copyVault && { Copies: jobs(copyVault.name, 'NumberOfCopyJobsCompleted', sumOfADay) }),
  };
  for (const [name, metric] of Object.entries(completed))
    createRunbookAlarm(scope, `${name}Missing`, {
      metric,
      entry: 'backup-failed',
      comparison: 'below',
      evaluationPeriods: 2,
    });
};
