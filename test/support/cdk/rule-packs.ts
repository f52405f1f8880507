import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import { parseSettings } from '../../../cdk/settings.ts';
import { addStacks } from '../../../cdk/stacks.ts';
import { type Fields, toText } from './intrinsics.ts';
import { createApp } from './synthesis.ts';

/** What a rule says about one resource. */
export interface Finding {
  /** `AwsSolutions-SQS3`, `AwsSolutions-IAM5[Resource::*]`, `W3005`. */
  readonly rule: string;
  /** The path of its construct: `aftercommit-sandbox-service/Relay/Failures/Resource`. */
  readonly resource: string;
  readonly text: string;
}

/** Synthesizes the stacks of a context into a folder that stays, and returns what the rule packs of cdk-nag find. */
export const findByRulePacks = (
  outdir: string,
  context: Readonly<Record<string, string>>,
): Finding[] => {
  const app = createApp(outdir);
  addStacks(app, parseSettings(context));
  app.synth();

  return [
    new AwsSolutionsChecks(),
    new ServerlessChecks(),
    new NIST80053R5Checks(),
    new PCIDSS321Checks(),
  ]
    .flatMap((pack) => pack.validateScope(app).violations)
    .flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({
        rule: ruleName,
        resource: constructPath ?? 'unknown',
        text: description,
      })),
    );
};

/** One match in the JSON output of cfn-lint: https://github.com/aws-cloudformation/cfn-lint */
interface LintMatch {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path?: readonly (string | number)[] };
}

/** What cfn-lint finds in templates of CDK. It needs no network: its rules and resource types are in its package. */
export const findByLinter = async (templates: readonly string[]): Promise<Finding[]> => {
  // The exit code is that of the findings: https://github.com/aws-cloudformation/cfn-lint#exit-codes
  const { stdout } = await promisify(execFile)(
    join('.venv', 'bin', 'cfn-lint'),
    ['--format', 'json', '--non-zero-exit-code', 'none', '--', ...templates],
    { maxBuffer: 64 * 1024 * 1024 },
  );

  return (JSON.parse(stdout || '[]') as LintMatch[]).map(
    ({ Filename, Message, Rule, Location }) => ({
      rule: Rule.Id,
      resource: resourceAt(Filename, Location.Path ?? []),
      text: Message,
    }),
  );
};

/** The construct path of a resource in a template, or the path in the template of anything else. */
const resourceAt = (file: string, path: readonly (string | number)[]): string => {
  const [section, id = ''] = path;
  const template = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Fields>;
  const metadata = (template[`${section}`]?.[id] as Fields | undefined)?.Metadata as
    | Fields
    | undefined;

  return metadata ? toText(metadata['aws:cdk:path']) : path.join('/');
};
