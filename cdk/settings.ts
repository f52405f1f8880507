import { ContextProvider } from 'aws-cdk-lib/cloud-assembly-schema';
import * as z from 'zod';
import { findClosestName } from './closest-name.ts';

const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });

/** A number of a context file, or its digits of the command line: nothing else, such as an empty value, is taken for one. */
const numberMatching = (form: RegExp) =>
  z.union([z.number(), z.string().regex(form).transform(Number)], {
    error: 'must be a number in digits',
  });
const wholeNumber = numberMatching(/^\d{1,9}$/);
const intBetween = (min: number, max?: number) =>
  wholeNumber.pipe(
    z
      .int()
      .min(min)
      .max(max ?? Number.MAX_SAFE_INTEGER),
  );

/** Entries that are separated by commas, perhaps with spaces. */
const commaSeparatedList = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()));

/** An origin exactly as a browser sends it (RFC 6454), or one of the wildcards that API Gateway knows. */
const isOrigin = (entry: string): boolean => {
  if (/^(?:\*|https?:\/\/\*)$/.test(entry)) return true;
  if (!/^[a-z][a-z\d+.-]*:\/\/[^\s/?#@*;]+$/.test(entry) || !URL.canParse(entry)) return false;

  // Other schemes, such as those of apps, have no origin in Node.
  return !/^https?:/.test(entry) || new URL(entry).origin === entry;
};

/** Whether this Node, and so Lambda's, knows the time zone. Offsets are not taken: they have no summer time. */
const isTimeZone = (name: string): boolean => {
  try {
    return /^[A-Z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
};

/** The CDK context that this app knows, as `-c name=value` gives it. */
const contextSchema = z
  .object({
    stage: z.enum(['local', 'sandbox', 'production']).default('sandbox'),
    /** `none` leaves the HTTP API out, for an AWS emulator that has none. */
    api: z.enum(['http', 'none']).default('http'),
    issuer: url.optional(),
    /** One audience or several, separated by commas. */
    audience: commaSeparatedList
      .refine((entries) => !entries.includes(''), { error: 'must have no empty entry' })
      .optional(),
    pgUrl: url.optional(),
    /** How the PG is spoken to. */
    pgAdapter: z.enum(['simulator', 'stripe', 'toss']).default('simulator'),
    /** The Secrets Manager secret that holds the PG's secret key. */
    pgSecretArn: z.string().startsWith('arn:').optional(),
    dataPlatformUrl: url.optional(),
    notificationsUrl: url.optional(),
    /** The local AWS, as a function reaches it. */
    endpoint: url.optional(),
    corsOrigins: commaSeparatedList
      .refine((entries) => entries.every(isOrigin), {
        error: 'must be origins such as https://shop.example, without a path, separated by commas',
      })
      .default([]),
    /** Invocations of accept-payment at a time. */
    reservedConcurrency: intBetween(1).optional(),
    /** Invocations of any one function that reads no queue at a time, for a machine that has to run them all. */
    functionConcurrency: intBetween(1).optional(),
    /** Invocations of charge-payment at a time, each with a batch of charges in flight; and as many of inquire-payment and execute-refund. */
    chargeConcurrency: intBetween(2, 1_000).optional(),
    /** How long an order can be paid: up to 30 days. */
    orderLifetimeMinutes: intBetween(1, 43_200).default(1_440),
    /** Invocations of get-payment at a time, and as many of get-refund; 0 reserves none. The stage has a number of its own unless given. */
    readConcurrency: intBetween(0)
      .refine((count) => count === 0 || count >= 2, { error: 'must be 0, or 2 at least' })
      .optional(),
    /** Of the IANA database: a day of the shop begins there at midnight. */
    timeZone: z
      .string()
      .refine(isTimeZone, { error: 'must be a time zone such as Asia/Seoul' })
      .default('UTC'),
    pointsRatePercent: numberMatching(/^\d{1,3}(?:\.\d{1,9})?$/)
      .pipe(z.number().min(0).max(100))
      .default(1),
    /** SNS topic that hears every alarm. */
    alarmTopicArn: z.string().startsWith('arn:').optional(),
  })
  .superRefine((context, check) => {
    const reject = (name: string, message: string) =>
      check.addIssue({ code: 'custom', path: [name], message });

    if (context.issuer !== undefined && context.audience === undefined)
      reject('audience', 'must be given with an issuer');
    if (context.issuer === undefined && context.audience !== undefined)
      reject('issuer', 'must be given with an audience');
    if (context.pgAdapter !== 'simulator') {
      for (const name of ['pgUrl', 'pgSecretArn'] as const)
        if (context[name] === undefined) reject(name, `must be given for ${context.pgAdapter}`);
    }
    if (context.stage === 'production' && context.pgAdapter === 'simulator')
      reject('pgAdapter', 'must be a real PG in production: stripe or toss');
    if (context.stage === 'local') return;

    if (context.api === 'none') reject('api', 'can be left out in the local stage only');
    if (context.endpoint !== undefined) reject('endpoint', 'belongs to the local stage only');
    if (context.issuer?.startsWith('http:'))
      reject('issuer', 'must be https outside the local stage');
    for (const name of endpointNames) {
      if (context.stage === 'production' && context[name] === undefined)
        reject(name, 'must be given in production, where no simulator stands in');
      if (context[name]?.startsWith('http:')) reject(name, 'must be https outside the local stage');
    }
  });

const endpointNames = ['pgUrl', 'dataPlatformUrl', 'notificationsUrl'] as const;

export const contextNames = Object.keys(contextSchema.shape);

/** Where the payment gateway and the two receiving systems are. */
export type Endpoints = Readonly<Record<(typeof endpointNames)[number], string>>;

/** Who signs the tokens that the API accepts, and for whom. */
export interface TokenSource {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export type Settings = ReturnType<typeof parseSettings>;

/** Context that does not fit. Its message is for the person at the command line. */
export class SettingsError extends Error {}

/** Context that the CDK and its CLI set for themselves: feature flags, options, and what a lookup in an account has found. */
const cdkContextPrefixes = [
  '@aws-cdk/',
  '@aws-cdk-containers/',
  'aws:cdk:',
  'aws-cdk:',
  'cdk:',
  ...Object.values(ContextProvider).map((provider) => `${provider}:`),
];
const isCdkContext = (name: string) => cdkContextPrefixes.some((prefix) => name.startsWith(prefix));

/** Refuses context that nothing reads: a setting that is misspelt must not be passed over, as `stagee=production` for a sandbox. */
export const rejectUnknownContext = (names: readonly string[]): void => {
  const unknown = names.filter((name) => !isCdkContext(name) && !contextNames.includes(name));
  if (unknown.length === 0) return;
  const lines = unknown.map(
    (name) => `✖ There is no "${name}". Did you mean "${findClosestName(name, contextNames)}"?`,
  );
  throw new SettingsError(`The CDK context does not fit.\n${lines.join('\n')}`);
};

/** Reads the context; whatever does not fit is an error that names each value and says why. */
export const parseSettings = (context: Readonly<Record<string, unknown>>) => {
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success)
    throw new SettingsError(`The CDK context does not fit.\n${z.prettifyError(parsed.error)}`);

  const { issuer, audience, pgUrl, dataPlatformUrl, notificationsUrl, ...rest } = parsed.data;

  return {
    ...rest,
    tokens: tokenSource(rest.stage, issuer, audience),
    endpoints: {
      ...(rest.stage === 'local' && placeholders),
      ...(pgUrl && { pgUrl }),
      ...(dataPlatformUrl && { dataPlatformUrl }),
      ...(notificationsUrl && { notificationsUrl }),
    },
  };
};

// RFC 6761 promises that `.invalid` never resolves: a local template synthesizes without any server, and fails loudly when run so.
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
