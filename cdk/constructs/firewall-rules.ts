import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { routes } from '../../shared/http/routes.ts';

type Rule = CfnWebACL.RuleProperty;

/**
 * Requests of one address in five minutes. A payment takes about three with a long poll (order, pay, look), and one more
 * for each further second in which its buyer asks. Preflights of browsers count too.
 */
const requestsPerAddress = 1_000;

/** Requests with one token in five minutes: twice those of a buyer who asks once a second. */
const requestsPerToken = 600;

/** The gateway sends the webhooks of all payments from a few addresses, and signs them. */
const webhookPath = routes.find((route) => route.function === 'receive-webhook')?.path ?? '';

/**
 * Counts requests in a metric of this name. Samples of them would show tokens: what is redacted in the log is not redacted
 * there ("Logging AWS WAF protection pack (web ACL) traffic").
 */
export const visibilityOf = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});

const answer429 = { block: { customResponse: { responseCode: 429 } } };

const limitAddresses: Omit<Rule, 'priority'> = {
  name: 'requests-per-address',
  action: answer429,
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

/**
 * A request without a token is not counted here (AWS WAF API, "RateBasedStatementCustomKey"). The log has the first 32
 * characters of the header ("Log fields for web ACL traffic"), which are the beginning of a JWT's own header.
 */
const limitTokens: Omit<Rule, 'priority'> = {
  name: 'requests-per-token',
  action: answer429,
  statement: {
    rateBasedStatement: {
      aggregateKeyType: 'CUSTOM_KEYS',
      customKeys: [
        {
          header: {
            name: 'authorization',
            textTransformations: [{ priority: 0, type: 'NONE' }],
          },
        },
      ],
      limit: requestsPerToken,
      evaluationWindowSec: 300,
    },
  },
  visibilityConfig: visibilityOf('requests-per-token'),
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
  limitAddresses,
  limitTokens,
  managed('AWSManagedRulesAmazonIpReputationList'),
  managed('AWSManagedRulesKnownBadInputsRuleSet'),
  // It blocks bodies above 8 KB, and events of a gateway may be larger.
  managed('AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY']),
].map((rule, priority) => ({ ...rule, priority }));
