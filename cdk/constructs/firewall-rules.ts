import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { routes } from '../../shared/http/routes.ts';

type Rule = CfnWebACL.RuleProperty;

/**
 * Requests of one address in five minutes. A payment takes about three with a long poll (order, pay, look), and one more
 * for each further second in which its buyer asks. Preflights of browsers count too.
 */
const requestsPerAddress = 1_000;

/** The gateway sends the webhooks of all payments from a few addresses, and signs them. */
const webhookPath = routes.find((route) => route.function === 'receive-webhook')?.path ?? '';

/** Counts requests in a metric of this name, and keeps samples of them. */
export const visibilityOf = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

const limitRate: Omit<Rule, 'priority'> = {
  name: 'requests-per-address',
  action: { block: { customResponse: { responseCode: 429 } } },
  statement: {
    rateBasedStatement: {
      aggregateKeyType: 'IP',
      limit: requestsPerAddress,
      evaluationWindowSec: 300,
      scopeDownStatement: {
        notStatement: {
          statement: {
            byteMatchStatement: {
              fieldToMatch: { uriPath: {} },
              positionalConstraint: 'EXACTLY',
              searchString: webhookPath,
              textTransformations: [{ priority: 0, type: 'NONE' }],
            },
          },
        },
      },
    },
  },
  visibilityConfig: visibilityOf('requests-per-address'),
};

/** A rule group that AWS maintains. The rules of `counted` only count. */
const managed = (group: string, counted: readonly string[] = []): Omit<Rule, 'priority'> => ({
  name: group,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name: group,
      ...(counted.length > 0 && {
        ruleActionOverrides: counted.map((name) => ({ name, actionToUse: { count: {} } })),
      }),
    },
  },
  visibilityConfig: visibilityOf(group),
});

/** The rules of the firewall, in their order. */
export const firewallRules: Rule[] = [
  limitRate,
  managed('AWSManagedRulesAmazonIpReputationList'),
  managed('AWSManagedRulesKnownBadInputsRuleSet'),
  // It blocks bodies above 8 KB, and events of a gateway may be larger.
  managed('AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY']),
].map((rule, priority) => ({ ...rule, priority }));
