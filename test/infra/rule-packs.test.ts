import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Finding, findByLinter, findByRulePacks } from '../support/cdk/rule-packs.ts';
import { contexts } from '../support/cdk/synthesis.ts';
import { acceptedFindings } from './accepted-findings.ts';

const certificateIn = (region: string) =>
  `arn:aws:acm:${region}:111111111111:certificate/1234abcd-12ab-34cd-56ef-1234567890ab`;
/** Production with every resource that its context can add. */
const production = {
  ...contexts.production,
  domainName: 'pay.shop.example',
  certificateArn: certificateIn('us-east-1'),
  originDomainName: 'pay-origin.shop.example',
  originCertificateArn: certificateIn('eu-central-1'),
  originClientCertificateArn: certificateIn('us-east-1'),
  originTruststoreUri: 's3://shop-truststore/edge.pem',
  corsOrigins: 'https://shop.example',
};
const { pageTopicArn = '', ticketTopicArn = '' } = contexts.production;
// A sandbox that notifies: alarms without actions are a choice of its deployment.
const sandbox = { ...contexts.sandbox, pageTopicArn, ticketTopicArn };

const folder = mkdtempSync(join(tmpdir(), 'aftercommit-rules-'));
let findings: readonly Finding[] = [];

beforeAll(async () => {
  // The rules read each property of a resource, deprecated ones too, and the CDK prints a warning for these.
  vi.stubEnv('JSII_DEPRECATED', 'quiet');
  const found = [sandbox, production].map((context, index) =>
    findByRulePacks(join(folder, `${index}`), context),
  );
  // The templates of production, and the one that only a sandbox has: cfn-lint takes as long as all other rules.
  const linted = await findByLinter(
    globSync([
      join(folder, '1', '*.template.json'),
      join(folder, '0', '*-simulator.template.json'),
    ]),
  );
  findings = [...found.flat(), ...linted];
}, 300_000);

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('the rules of cdk-nag and cfn-lint', () => {
  it('find nothing that is not accepted', () => {
    const isAccepted = ({ rule, resource }: Finding) =>
      acceptedFindings.some(
        ({ rules, resources }) => rules.includes(rule) && resources.test(resource),
      );

    expect(
      findings
        .filter((finding) => !isAccepted(finding))
        .map(({ rule, resource, text }) => `${rule} at ${resource}: ${text}`),
    ).toEqual([]);
  });

  it('find everything that is accepted', () => {
    const unneeded = acceptedFindings.flatMap(({ rules, resources }) =>
      rules
        .filter(
          (rule) =>
            !findings.some((finding) => finding.rule === rule && resources.test(finding.resource)),
        )
        .map((rule) => `${rule} at ${resources.source}`),
    );

    expect(unneeded).toEqual([]);
  });
});
