import * as z from 'zod';

/** Keeps all backups in the account of the stage, as a decision. */
const noOtherVault = 'none';

const vaultArn =
  /^arn:[\w-]+:backup:(?<region>[a-z\d-]+):(?<account>\d{12}):backup-vault:(?<name>[\w-]{2,50})$/;

/** The context of the backups. */
export const backupContext = {
  /** The vault in another account that gets a copy of each backup, or `none`. */
  backupVaultArn: z
    .union([z.literal(noOtherVault), z.string().regex(vaultArn)], {
      error: `must be the ARN of a backup vault, or ${noOtherVault}`,
    })
    .optional(),
};

/** A vault of another account. */
export interface CopyVault {
  readonly arn: string;
  readonly name: string;
}

interface BackupContext {
  readonly stage: string;
  readonly account?: string | undefined;
  readonly backupVaultArn?: string | undefined;
}

/** Reports a vault that is missing or cannot hold the copies, with the reason. */
export const checkBackupContext = (
  { stage, account, backupVaultArn }: BackupContext,
  reject: (name: string, message: string) => void,
): void => {
  const name = 'backupVaultArn';
  if (stage !== 'production') {
    if (backupVaultArn !== undefined)
      reject(name, 'belongs to production, the only stage with backups');
    return;
  }
  if (backupVaultArn === undefined) {
    reject(
      name,
      `must be given in production: a vault in another account, or ${noOtherVault} to keep all backups in this one`,
    );
    return;
  }
  const vault = vaultArn.exec(backupVaultArn)?.groups;
  if (vault !== undefined && vault.account === account)
    reject(name, 'must be a vault in another account: this one may be lost as a whole');
  if (vault?.name === 'Default')
    reject(
      name,
      'must not be the default vault: AWS Backup copies nothing there from other accounts',
    );
};

/** The vault that gets the copies, or undefined without one. */
export const copyVaultOf = ({
  backupVaultArn,
}: Pick<BackupContext, 'backupVaultArn'>): CopyVault | undefined => {
  const name = vaultArn.exec(backupVaultArn ?? '')?.groups?.name;

  return backupVaultArn === undefined || name === undefined
    ? undefined
    : { arn: backupVaultArn, name };
};
