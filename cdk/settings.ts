import * as z from 'zod';
import { nearestTo } from './nearest.ts';

const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const count = z.coerce.number().int().positive();

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
    audience: z.string().min(1).optional(),
    pgUrl: url.optional(),
    /** How the PG is spoken to. */
    pgAdapter: z.enum(['simulator', 'stripe', 'toss']).default('simulator'),
    /** The Secrets Manager secret that holds the PG's secret key. */
    pgSecretArn: z.string().startsWith('arn:').optional(),
    dataPlatformUrl: url.optional(),
    notificationsUrl: url.optional(),
    /** The local AWS, as a function reaches it. */
    endpoint: url.optional(),
    corsOrigins: z.string().min(1).optional(),
    /** Invocations of accept-payment at a time. */
    reservedConcurrency: count.optional(),
    /** Invocations of any one function that reads no queue at a time, for a machine that has to run them all. */
    functionConcurrency: count.optional(),
    /** Invocations of charge-payment at a time, each with a batch of charges in flight; and as many of inquire-payment and execute-refund. */
    chargeConcurrency: count.min(2).max(1_000).optional(),
    /** How long an order can be paid: up to 30 days. */
    orderLifetimeMinutes: count.max(43_200).default(1_440),
    /** Invocations of get-payment at a time, and as many of get-refund; 0 reserves none. The stage has a number of its own unless given. */
    readConcurrency: z.coerce
      .number()
      .int()
      .refine((count) => count === 0 || count >= 2, { error: 'must be 0, or 2 at least' })
      .optional(),
    /** Of the IANA database: a day of the shop begins there at midnight. */
    timeZone: z
      .string()
      .refine(isTimeZone, { error: 'must be a time zone such as Asia/Seoul' })
      .default('UTC'),
    pointsRatePercent: z.coerce.number().min(0).max(100).default(1),
    /** SNS topic that hears every alarm. */
    alarmTopicArn: z.string().startsWith('arn:').optional(),
  })
  .superRefine((context, check) => {
    const refuse = (name: string, message: string) =>
      check.addIssue({ code: 'custom', path: [name], message });

    if (context.issuer !== undefined && context.audience === undefined)
      refuse('audience', 'must be given with an issuer');
    if (context.issuer === undefined && context.audience !== undefined)
      refuse('issuer', 'must be given with an audience');
    if (context.pgAdapter !== 'simulator') {
      for (const name of ['pgUrl', 'pgSecretArn'] as const)
        if (context[name] === undefined) refuse(name, `must be given for ${context.pgAdapter}`);
    }
    if (context.stage === 'production' && context.pgAdapter === 'simulator')
      refuse('pgAdapter', 'must be a real PG in production: stripe or toss');
    if (context.stage === 'local') return;

    if (context.api === 'none') refuse('api', 'can be left out in the local stage only');
    if (context.endpoint !== undefined) refuse('endpoint', 'belongs to the local stage only');
    if (context.issuer?.startsWith('http:'))
      refuse('issuer', 'must be https outside the local stage');
    for (const name of endpointNames) {
      if (context.stage === 'production' && context[name] === undefined)
        refuse(name, 'must be given in production, where no simulator stands in');
      if (context[name]?.startsWith('http:')) refuse(name, 'must be https outside the local stage');
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

export type Settings = ReturnType<typeof settingsFrom>;

/** Context that does not fit. Its message is for the person at the command line. */
export class SettingsError extends Error {}

/** Context that the CDK and its CLI set for themselves has a colon, an at or a slash in its name. */
const isOfCdk = (name: string) => /[:@/]/.test(name);

/** Refuses context that nothing reads: a setting that is misspelt must not be passed over, as `stagee=production` for a sandbox. */
export const refuseUnknownContext = (names: readonly string[]): void => {
  const unknown = names.filter((name) => !isOfCdk(name) && !contextNames.includes(name));
  if (unknown.length === 0) return;
  const lines = unknown.map(
    (name) => `✖ There is no "${name}". Did you mean "${nearestTo(name, contextNames)}"?`,
  );
  throw new SettingsError(`The CDK context does not fit.\n${lines.join('\n')}`);
};

/** Reads the context; whatever does not fit is an error that names each value and says why. */
export const settingsFrom = (context: Readonly<Record<string, unknown>>) => {
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success)
    throw new SettingsError(`The CDK context does not fit.\n${z.prettifyError(parsed.error)}`);

  const { issuer, audience, pgUrl, dataPlatformUrl, notificationsUrl, corsOrigins, ...rest } =
    parsed.data;

  return {
    ...rest,
    tokens: tokenSource(rest.stage, issuer, audience),
    endpoints: {
      ...(rest.stage === 'local' && placeholders),
      ...(pgUrl && { pgUrl }),
      ...(dataPlatformUrl && { dataPlatformUrl }),
      ...(notificationsUrl && { notificationsUrl }),
    },
    corsOrigins: corsOrigins?.split(',') ?? [],
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
  audience?: string,
): TokenSource | undefined => {
  if (issuer !== undefined && audience !== undefined)
    return { issuer, audience: audience.split(',') };

  return stage === 'local'
    ? { issuer: 'http://issuer.invalid', audience: ['aftercommit'] }
    : undefined;
};
