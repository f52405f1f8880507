import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';

/** The key that signs webhooks: 32 letters and digits, which is 24 bytes of base64 (Standard Webhooks). */
export class SigningSecret extends Secret {
  override readonly secretArn: string;

  constructor(scope: Construct, id: string, profile: StageProfile) {
    super(scope, id, {
      generateSecretString: {
        // The local AWS supports only the second of the two.
        excludePunctuation: true,
        excludeCharacters: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
        passwordLength: 32,
      },
      removalPolicy: profile.removalPolicy,
    });

    // On AWS, Ref and Id are both the ARN. On the local AWS a Ref is the secret's name, which no policy matches.
    this.secretArn = (this.node.defaultChild as CfnSecret).attrId;
  }
}
