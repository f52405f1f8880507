import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { parseSettings } from '../../../cdk/settings.ts';
import { addStacks } from '../../../cdk/stacks.ts';
import type { StageName } from '../../../cdk/stages.ts';
import { type Fields, type Json, resolveReferences, type Scope, toText } from './intrinsics.ts';

export interface Resource {
  /** Construct path below the stack: `Orders`, `Relay/Failures`. */
  readonly name: string;
  readonly type: string;
  /** The name of its stack: `aftercommit-sandbox-service`. */
  readonly stack: string;
  /** Properties with resolved references: `Orders`, `Orders.Arn`. */
  readonly properties: Fields;
  /** Properties as in the template. */
  readonly rawProperties: Fields;
  readonly deletionPolicy: string;
}

export interface Synthesis {
  /** All resources, or those of one CloudFormation type. */
  readonly all: (type?: string) => readonly Resource[];
  readonly named: (name: string) => Resource;
  readonly stacks: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { Type: string; Properties?: Fields; DeletionPolicy?: string; Metadata: Fields }>
  >;
  readonly Outputs?: Readonly<Record<string, { Value: Json; Export?: { Name: string } }>>;
}

const externalUrls = {
  pgUrl: 'https://pg.example',
  dataPlatformUrl: 'https://data-platform.example',
  notificationsUrl: 'https://notifications.example',
};
const issuer = { issuer: 'http://127.0.0.1:4000', audience: 'aftercommit' };

const stripeGateway = {
  pgAdapter: 'stripe',
  pgSecretArn: 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:pg-key-AbCdEf',
};

/** CDK context of each stage in these tests. */
export const contexts: Readonly<Record<StageName, Readonly<Record<string, string>>>> = {
  local: { stage: 'local', ...issuer, ...externalUrls },
  sandbox: { stage: 'sandbox' },
  production: { stage: 'production', ...externalUrls, ...stripeGateway },
};

const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context as Record<string, unknown>;

/** An app that reads cdk.json as the CLI does, without bundling. */
export const createApp = (outdir: string): App =>
  new App({
    outdir,
    context: { ...flags, 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true },
  });

const cache = new Map<string, Synthesis>();

/** All templates of a stage, with references resolved to names. */
export const synthesize = (context: Readonly<Record<string, string>>): Synthesis => {
  const key = JSON.stringify(context);
  const synthesis =
    cache.get(key) ?? synthesizeApp((app) => addStacks(app, parseSettings(context)));
  cache.set(key, synthesis);

  return synthesis;
};

export const synthesizeApp = (build: (app: App) => void): Synthesis => {
  const outdir = mkdtempSync(join(tmpdir(), 'aftercommit-infra-'));
  try {
    const app = createApp(outdir);
    build(app);
    const { stacks } = app.synth();

    return {
      ...mergeTemplates(
        stacks.map(({ id, template }) => ({ stack: id, template: template as Template })),
      ),
      stacks: stacks.map(({ id }) => id),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

const mergeTemplates = (
  stacks: readonly { readonly stack: string; readonly template: Template }[],
): Omit<Synthesis, 'stacks'> => {
  const exported = new Map<string, string>();
  const resources: Resource[] = [];
  const outputs: Record<string, string> = {};

  // Producers come before consumers.
  for (const { stack, template } of stacks) {
    const { Resources, Outputs = {} } = template;
    const names = new Map(
      Object.entries(Resources).map(([id, { Metadata }]) => [id, nameOf(Metadata)]),
    );
    const scope: Scope = { names, exported };
    for (const [id, { Type, Properties = {}, DeletionPolicy = 'Delete' }] of Object.entries(
      Resources,
    ))
      resources.push({
        name: names.get(id) ?? id,
        type: Type,
        stack,
        properties: resolveReferences(Properties, scope) as Fields,
        rawProperties: Properties,
        deletionPolicy: DeletionPolicy,
      });
    for (const [id, { Value, Export }] of Object.entries(Outputs)) {
      const value = toText(resolveReferences(Value, scope));
      if (Export) exported.set(Export.Name, value);
      else outputs[id] = value;
    }
  }

  return {
    outputs,
    all: (type) => resources.filter((one) => type === undefined || one.type === type),
    named: (name) => {
      const found = resources.find((one) => one.name === name);
      if (!found) throw new Error(`No resource ${name}.`);

      return found;
    },
  };
};

const nameOf = (metadata: Fields): string =>
  toText(metadata['aws:cdk:path'])
    .split('/')
    .slice(1)
    .join('/')
    .replace(/\/Resource$/, '');
