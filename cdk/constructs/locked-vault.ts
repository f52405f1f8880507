import type { Duration } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';

interface LockedVaultProps {
  /** No backup is kept for less, and no role deletes one before without removing the lock first. */
  readonly minRetention: Duration;
  readonly profile: StageProfile;
}

/** A vault for backups, with a lock in governance mode and a key of its own. */
export class LockedVault extends Construct {
  readonly key: Key;
  readonly vault: BackupVault;

  constructor(scope: Construct, id: string, { minRetention, profile }: LockedVaultProps) {
    super(scope, id);
    const { removalPolicy } = profile;

    this.key = new Key(this, 'Key', { enableKeyRotation: true, removalPolicy });
    this.vault = new BackupVault(this, 'Vault', {
      encryptionKey: this.key,
      removalPolicy,
      lockConfiguration: { minRetention },
    });
  }
}
