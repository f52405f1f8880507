import { Aws } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/**
 * Trusts an AWS service that acts for a resource of this account, and not one that another account's resource has made
 * act (confused deputy).
 */
export const trustInOwnAccount = (
  service: 'backup' | 'codedeploy' | 'events' | 'scheduler' | 'states',
): ServicePrincipal =>
  new ServicePrincipal(`${service}.amazonaws.com`, {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
