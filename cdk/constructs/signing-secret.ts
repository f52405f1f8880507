import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';

/** Signs webhooks. 32 letters and digits are 24 bytes of base64, as Standard Webhooks writes its keys. */
export class SigningSecret extends Secret {
  constructor(scope: Construct, id: string, profile: StageProfile) {
    super(scope, id, {
      generateSecretString: { excludePunctuation: true, passwordLength: 32 },
      removalPolicy: profile.removalPolicy,
    });
  }
}
