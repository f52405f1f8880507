import { describe, expect, it } from 'vitest';
import { type RunbookEntry, runbookHeadings, severityOf } from '../../cdk/constructs/runbook.ts';
import { alarmsOf } from '../support/cdk/alarms.ts';
import { toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const { pageTopicArn, ticketTopicArn } = contexts.production;
const topics = { page: pageTopicArn, ticket: ticketTopicArn };

/** The topic of the severity that the runbook entry in the alarm's description has. */
const topicOf = (description: string) => {
  const entries = Object.keys(runbookHeadings) as RunbookEntry[];
  const entry = entries.find((one) => description.includes(`"${runbookHeadings[one]}"`));
  if (entry === undefined) throw new Error(`No runbook entry in ${description}.`);

  return topics[severityOf(entry)];
};

describe('the topics of alarms', () => {
  const production = synthesize(contexts.production);
  const rules = production
    .all('AWS::CloudWatch::CompositeAlarm')
    .map(({ properties }) => toText(properties.AlarmRule));
  const deploymentGroups = production.all('AWS::CodeDeploy::DeploymentGroup');
  /** Whether it is a part of a composite alarm, or stops a deployment. */
  const isQuiet = (name: string) =>
    rules.some((rule) => rule.includes(`"${name}.Arn"`)) ||
    deploymentGroups.some(({ properties }) =>
      toList(valueAt(properties, 'AlarmConfiguration.Alarms')).some(
        (alarm) => valueAt(alarm, 'Name') === name,
      ),
    );

  it('get each alarm of their severity when it fires and when it recovers', () => {
    const notifying = alarmsOf(production).filter(({ name }) => !isQuiet(name));

    for (const { name, properties } of notifying) {
      const actions = [topicOf(toText(properties.AlarmDescription))];

      expect(properties.AlarmActions, name).toEqual(actions);
      expect(properties.OKActions, name).toEqual(actions);
    }
    for (const topic of Object.values(topics))
      expect(notifying.map(({ properties }) => properties.AlarmActions)).toContainEqual([topic]);
  });

  it('get no part of a composite alarm and no alarm that stops a deployment', () => {
    const quiet = alarmsOf(production).filter(({ name }) => isQuiet(name));

    expect(quiet.length).toBeGreaterThan(4);
    for (const { name, properties } of quiet) {
      expect(properties.AlarmActions, name).toBeUndefined();
      expect(properties.OKActions, name).toBeUndefined();
    }
  });

  it('are optional in a sandbox, each by itself', () => {
    const pages = alarmsOf(synthesize({ ...contexts.sandbox, pageTopicArn: `${pageTopicArn}` }));

    expect(new Set(pages.flatMap(({ properties }) => properties.AlarmActions ?? []))).toEqual(
      new Set([pageTopicArn]),
    );
    for (const { name, properties } of alarmsOf(synthesize(contexts.sandbox)))
      expect(properties.AlarmActions, name).toBeUndefined();
  });
});
