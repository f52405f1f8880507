import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';

/** Signs webhooks. 32 letters and digits are 24 bytes of base64, as Standard Webhooks writes its keys. */
export class SigningSecret extends Secret {
  override readonly secretArn: string;

  constructor(scope: Construct, id: string, profile: StageProfile) {
    super(scope, id, {
      generateSecretString: {
        // The local AWS knows only the second of the two.
        excludePunctuation: true,
        excludeCharacters: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
        passwordLength: 32,
      },
      removalPolicy: profile.removalPolicy,
    });

    // Both are the ARN on AWS, but a Ref to a secret of the local AWS is its name, which no policy knows.
    this.secretArn = (this.node.defaultChild as CfnSecret).attrId;
  }
}
