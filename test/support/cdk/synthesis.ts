import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { parseSettings } from '../../../cdk/settings.ts';
import { addStacks } from '../../../cdk/stacks.ts';
import type { StageName } from '../../../cdk/stages.ts';
import {
  type Resource,
  readTemplate,
  resolveTemplate,
  type SizedTemplate,
  type StackTemplate,
  sizesOf,
} from './templates.ts';

export type { Resource };

interface StackEnvironment {
  readonly name: string;
  readonly terminationProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Synthesis {
  /** All resources, or those of one CloudFormation type. */
  readonly all: (type?: string) => readonly Resource[];
  readonly named: (name: string) => Resource;
  readonly stacks: readonly string[];
  /** By stack: its account and region, `aws://111111111111/eu-central-1`, whether CloudFormation refuses to delete it, and the tags that it passes on. */
  readonly environments: Readonly<Record<string, StackEnvironment>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The templates as CloudFormation receives them, those of nested stacks included. */
  readonly templates: readonly SizedTemplate[];
}

const externalUrls = {
  pgUrl: 'https://pg.example',
  dataPlatformUrl: 'https://data-platform.example',
  notificationsUrl: 'https://notifications.example',
};
const localTokens = { issuer: 'http://127.0.0.1:4000', audience: 'aftercommit' };
const tokens = { issuer: 'https://id.example', audience: 'aftercommit' };

const stripeGateway = {
  pgAdapter: 'stripe',
  pgSecretArn: 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:pg-key-AbCdEf',
};
const environment = { account: '111111111111', region: 'eu-central-1' };

const alarmTopics = {
  pageTopicArn: 'arn:aws:sns:eu-central-1:111111111111:page',
  ticketTopicArn: 'arn:aws:sns:eu-central-1:111111111111:ticket',
};

const backups = {
  backupVaultArn: 'arn:aws:backup:eu-central-1:222222222222:backup-vault:payments',
};

/** CDK context of each stage in these tests. */
export const contexts: Readonly<Record<StageName, Readonly<Record<string, string>>>> = {
  local: { stage: 'local', ...localTokens, ...externalUrls },
  sandbox: { stage: 'sandbox' },
  production: {
    stage: 'production',
    ...environment,
    ...tokens,
    ...externalUrls,
    ...stripeGateway,
    ...alarmTopics,
    ...backups,
  },
};

const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context as Record<string, unknown>;

/** An app that reads cdk.json as the CLI does, without bundling. */
export const createApp = (outdir: string): App =>
  new App({
    outdir,
    context: {
      ...flags,
      'aws:cdk:bundling-stacks': [],
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
    },
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
        stacks.map(({ id, templateFullPath }) => readTemplate(id, templateFullPath)),
      ),
      stacks: stacks.map(({ id }) => id),
      environments: Object.fromEntries(
        stacks.map(({ id, environment: { name }, terminationProtection = false, tags }) => [
          id,
          { name, terminationProtection, tags },
        ]),
      ),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

const mergeTemplates = (
  templates: readonly StackTemplate[],
): Omit<Synthesis, 'stacks' | 'environments'> => {
  const exported = new Map<string, string>();
  // Producers come before consumers.
  const stacks = templates.map((template) => resolveTemplate(template, exported, new Map()));
  const resources = stacks.flatMap((stack) => stack.resources);

  return {
    outputs: Object.assign({}, ...stacks.map(({ outputs }) => outputs)),
    templates: templates.flatMap(sizesOf),
    all: (type) => resources.filter((one) => type === undefined || one.type === type),
    named: (name) => {
      const found = resources.find((one) => one.name === name);
      if (!found) throw new Error(`No resource ${name}.`);

      return found;
    },
  };
};
