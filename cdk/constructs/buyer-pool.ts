import { Aws, Duration, Fn } from 'aws-cdk-lib';
import {
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { type OperatorDuty, operatorScope } from '../../shared/http/routes.ts';
import type { TokenSource } from '../settings.ts';
import type { StageProfile } from '../stages.ts';

/** The scope of each duty, and the one of all. */
const scopeDescriptions: Readonly<Record<OperatorDuty | 'operator', string>> = {
  support: 'Refund and inquire, and read everything of operators',
  review: 'Resolve reviews',
  redrive: 'Redrive and delete dead letters',
  operator: 'Everything of operators',
};

/**
 * A Cognito user pool, used if no token issuer is configured; production requires an issuer. Buyers sign in and cannot
 * request a scope of operators. Operator tools get the scopes that they name with client credentials.
 */
export class BuyerPool extends Construct implements TokenSource {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, profile: StageProfile) {
    super(scope, id);

    const pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { username: true },
      featurePlan: FeaturePlan.ESSENTIALS,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(1),
      },
      // Not required: tests sign in without a person.
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      deletionProtection: profile.deletionProtection,
      removalPolicy: profile.removalPolicy,
    });
    this.issuer = pool.userPoolProviderUrl;

    const buyers = pool.addClient('Buyers', {
      authFlows: { adminUserPassword: true, userSrp: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
    });

    const [identifier = ''] = operatorScope.split('/');
    const scopes = Object.entries(scopeDescriptions).map(
      ([scopeName, scopeDescription]) => new ResourceServerScope({ scopeName, scopeDescription }),
    );
    const resourceServer = pool.addResourceServer('ResourceServer', { identifier, scopes });
    const operators = pool.addClient('Operators', {
      generateSecret: true,
      oAuth: {
        flows: { clientCredentials: true },
        scopes: scopes.map((one) => OAuthScope.resourceServer(resourceServer, one)),
      },
    });

    // The prefix must be unique in its region, so it contains the stack's id.
    const domain = pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `aftercommit-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}` },
    });
    this.audience = [buyers.userPoolClientId, operators.userPoolClientId];
    this.outputs = {
      UserPoolId: pool.userPoolId,
      BuyerClientId: buyers.userPoolClientId,
      OperatorClientId: operators.userPoolClientId,
      TokenUrl: `${domain.baseUrl()}/oauth2/token`,
    };
  }
}
