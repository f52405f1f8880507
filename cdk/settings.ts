import * as z from 'zod';
import { backupContext, checkBackupContext, copyVaultOf } from './backup-settings.ts';
import { clientKeyErrorOf } from './client-key.ts';
import {
  commaSeparatedList,
  intBetween,
  keyArn,
  numberMatching,
  originList,
  regionOfArn,
  secretArn,
  textByName,
  timeZone,
  topicArn,
  url,
} from './context-forms.ts';
import { checkEdgeContext, edgeContext, edgeSettingsOf } from './edge-settings.ts';
import { isLoopback, isOrigin, isReturnOrigin, loopbackOrigins } from './origins.ts';

/** The CDK context of this app, given as `-c name=value`. */
const contextSchema = z
  .object({
    stage: z.enum(['local', 'sandbox', 'production']).default('sandbox'),
    /** The AWS account and region of the stacks. */
    account: z
      .string()
      .regex(/^\d{12}$/, { error: 'must be 12 digits' })
      .optional(),
    region: z
      .string()
      .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, { error: 'must be a region such as eu-central-1' })
      .optional(),
    /** `none` omits the HTTP API, for an AWS emulator that does not support it. */
    api: z.enum(['http', 'none']).default('http'),
    issuer: url.optional(),
    /** One audience or several, separated by commas. */
    audience: commaSeparatedList
      .refine((entries) => !entries.includes(''), { error: 'must have no empty entry' })
      .optional(),
    pgUrl: url.optional(),
    /** The adapter for the gateway's API. */
    pgAdapter: z.enum(['simulator', 'stripe', 'toss']).default('simulator'),
    /** The Secrets Manager secret that holds the gateway's API key. */
    pgSecretArn: secretArn.optional(),
    /**
     * A Secrets Manager secret with a key that can only read at the gateway, for the functions that move no money there.
     */
    pgReadSecretArn: secretArn.optional(),
    /** The customer managed KMS key that encrypts these secrets. */
    pgSecretKeyArn: keyArn.optional(),
    /** The gateway's publishable key, for the checkout window in the buyer's page. */
    gatewayClientKey: z.string().optional(),
    dataPlatformUrl: url.optional(),
    notificationsUrl: url.optional(),
    /** Endpoint of the local AWS, as seen by a function. */
    endpoint: url.optional(),
    corsOrigins: originList(isOrigin).default([]),
    /** Origins of the shop's pages, to which a gateway may send buyers back. The local stage has loopback ones. */
    returnOrigins: originList(isReturnOrigin).optional(),
    /**
     * The account's quota of concurrent executions, or this stage's part of it. At most 100 reserves nothing; production
     * rejects that.
     */
    concurrencyQuota: intBetween(1).default(1_000),
    /** Reserved concurrency of accept-payment. */
    reservedConcurrency: intBetween(1).optional(),
    /** Reserved concurrency of each function that the stage does not bound, for a local machine that runs them all. */
    functionConcurrency: intBetween(1).optional(),
    /** Maximum concurrency of charge-payment, of inquire-payment and of execute-refund. */
    chargeConcurrency: intBetween(2, 1_000).optional(),
    /** How long an order can be paid; at most 30 days. */
    orderLifetimeMinutes: intBetween(1, 43_200).default(1_440),
    /**
     * How long after a payment completed its buyer may refund it; at most a year. 0: never. The default is the
     * stage's.
     */
    buyerRefundMinutes: intBetween(0, 525_600).optional(),
    /**
     * Above this amount at risk, in minor units, the decision on a review needs a second person. 0: never.
     */
    reviewApprovalAmount: intBetween(0).default(0),
    /** Reserved concurrency of get-payment and of get-refund; 0 reserves none. The default is the stage's. */
    readConcurrency: intBetween(0)
      .refine((count) => count === 0 || count >= 2, { error: 'must be 0, or 2 at least' })
      .optional(),
    /** `off` deploys no canary. The default is the stage's. */
    canaryPayments: z.enum(['on', 'off']).optional(),
    /** IANA time zone: the shop's day begins at midnight there. */
    timeZone: timeZone.default('UTC'),
    pointsRatePercent: numberMatching(/^\d{1,3}(?:\.\d{1,9})?$/)
      .pipe(z.number().min(0).max(100))
      .default(1),
    /**
     * `off` deploys new versions of the functions at once and whatever the alarms say, for a repair during an incident.
     */
    canaries: z.enum(['on', 'off']).default('on'),
    /** The ARN of each table that the service uses in place of that of the data stack, or of its stream. */
    restoredTables: textByName.optional(),
    /** SNS topics of the alarms by severity: those that page a person, and those of the next working day. */
    pageTopicArn: topicArn.optional(),
    ticketTopicArn: topicArn.optional(),
    ...edgeContext,
    ...backupContext,
  })
  .superRefine((context, check) => {
    const reject = (name: string, message: string) =>
      check.addIssue({ code: 'custom', path: [name], message });

    for (const [name, other] of accountAndRegion) {
      if (context[name] !== undefined) continue;
      if (context.stage === 'production')
        reject(name, 'must be given in production, so that it is never deployed to another one');
      else if (context[other] !== undefined) reject(name, `must be given with the ${other}`);
    }
    for (const name of regionalArns) {
      const arn = context[name];
      if (context.region !== undefined && arn !== undefined && regionOfArn(arn) !== context.region)
        reject(name, `must be in the region ${context.region}, which the stage calls`);
    }
    if (context.issuer !== undefined && context.audience === undefined)
      reject('audience', 'must be given with an issuer');
    if (context.issuer === undefined && context.audience !== undefined)
      reject('issuer', 'must be given with an audience');
    if (context.pgAdapter !== 'simulator') {
      for (const name of ['pgUrl', 'pgSecretArn'] as const)
        if (context[name] === undefined) reject(name, `must be given for ${context.pgAdapter}`);
    }
    for (const name of ['pgReadSecretArn', 'pgSecretKeyArn'] as const)
      if (context[name] !== undefined && context.pgSecretArn === undefined)
        reject('pgSecretArn', `must be given with ${name}`);
    if (context.pgReadSecretArn !== undefined && context.pgReadSecretArn === context.pgSecretArn)
      reject('pgReadSecretArn', 'must be another secret than pgSecretArn');
    checkEdgeContext(context, reject);
    checkBackupContext(context, reject);
    const clientKeyError =
      context.gatewayClientKey !== undefined &&
      clientKeyErrorOf(context.pgAdapter, context.gatewayClientKey);
    if (clientKeyError) reject('gatewayClientKey', clientKeyError);
    if (context.stage === 'production' && context.returnOrigins?.some(isLoopback))
      reject('returnOrigins', 'must be https in production');
    // All operators of the user pool share one client, so that an audit has no name and a review no second person.
    if (context.stage === 'production' && context.issuer === undefined)
      reject('issuer', 'must be given in production: operators need accounts of their own');
    if (context.stage === 'production' && context.pgAdapter === 'simulator')
      reject('pgAdapter', 'must be a real PG in production: stripe or toss');
    if (context.stage === 'local') {
      if (context.canaryPayments === 'on')
        reject('canaryPayments', 'belongs to stages on AWS only');

      return;
    }

    if (context.api === 'none') reject('api', 'can be left out in the local stage only');
    if (context.endpoint !== undefined) reject('endpoint', 'belongs to the local stage only');
    if (context.issuer?.startsWith('http:'))
      reject('issuer', 'must be https outside the local stage');
    for (const name of ['pageTopicArn', 'ticketTopicArn'] as const)
      if (context.stage === 'production' && context[name] === undefined)
        reject(name, 'must be given in production, whose alarms must notify');
    for (const name of endpointNames) {
      if (context.stage === 'production' && context[name] === undefined)
        reject(name, 'must be given in production, which has no simulator');
      if (context[name]?.startsWith('http:')) reject(name, 'must be https outside the local stage');
    }
  });

const accountAndRegion = [
  ['account', 'region'],
  ['region', 'account'],
] as const;

/** What is used by services of the region, and so must be in it. */
const regionalArns = [
  'pgSecretArn',
  'pgReadSecretArn',
  'pgSecretKeyArn',
  'pageTopicArn',
  'ticketTopicArn',
  'originCertificateArn',
] as const;

const endpointNames = ['pgUrl', 'dataPlatformUrl', 'notificationsUrl'] as const;

export const contextNames = Object.keys(contextSchema.shape);

/** URLs of the gateway and of the two receiving systems. */
export type Endpoints = Readonly<Record<(typeof endpointNames)[number], string>>;

/** Issuer and audience of the tokens that the API accepts. */
export interface TokenSource {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export type Settings = ReturnType<typeof parseSettings>;

/** The CDK context is not valid. The message is meant for the command line. */
export class SettingsError extends Error {}

/** Parses the context. Throws a SettingsError that names each invalid value and the reason. */
export const parseSettings = (context: Readonly<Record<string, unknown>>) => {
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success)
    throw new SettingsError(`The CDK context is not valid.\n${z.prettifyError(parsed.error)}`);

  const { issuer, audience, pgUrl, dataPlatformUrl, notificationsUrl, returnOrigins, ...rest } =
    parsed.data;

  return {
    ...rest,
    returnOrigins: returnOrigins ?? (rest.stage === 'local' ? loopbackOrigins : []),
    tokens: tokenSource(rest.stage, issuer, audience),
    edge: edgeSettingsOf(rest),
    copyVault: copyVaultOf(rest),
    endpoints: {
      ...(rest.stage === 'local' && placeholders),
      ...(pgUrl && { pgUrl }),
      ...(dataPlatformUrl && { dataPlatformUrl }),
      ...(notificationsUrl && { notificationsUrl }),
    },
  };
};

// `.invalid` never resolves (RFC 6761): a local template synthesizes without servers, and calls fail immediately.
const placeholders: Endpoints = {
  pgUrl: 'http://pg.invalid',
  dataPlatformUrl: 'http://data-platform.invalid',
  notificationsUrl: 'http://notifications.invalid',
};

const tokenSource = (
  stage: string,
  issuer?: string,
  audience?: readonly string[],
): TokenSource | undefined => {
  if (issuer !== undefined && audience !== undefined) return { issuer, audience };

  return stage === 'local'
    ? { issuer: 'http://issuer.invalid', audience: ['aftercommit'] }
    : undefined;
};
