import { describe, expect, it } from 'vitest';
import { type Fields, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, type Resource, type Synthesis, synthesize } from '../support/cdk/synthesis.ts';

/**
 * Below the limits of CloudFormation, so that a change never meets them: 500 resources, 200 outputs, 200 parameters
 * and 1 MB a template (AWS CloudFormation user guide, "Understand CloudFormation quotas").
 */
const bounds = { resources: 400, outputs: 150, parameters: 150, bytes: 600_000 };

/** The limit of all variables of a function (AWS Lambda developer guide, "Lambda quotas"). */
const maxEnvironmentBytes = 4_096;

const region = 'ap-southeast-1';
const accountId = '123456789012';

/** As many characters as AWS adds to a name. */
const randomCharacters = (count: number) => 'r'.repeat(count);

/** A name as CloudFormation makes it: stack, logical id and random characters; SQS and others cut it at a length. */
const generatedName = ({ stack, logicalId }: Resource, maxLength: number) =>
  `${stack}-${logicalId}-${randomCharacters(13)}`.slice(0, maxLength);

/** The value that a reference to a resource of this type has on AWS, with its longest region. */
const referencedValues: Readonly<Record<string, (resource: Resource) => string>> = {
  'AWS::SQS::Queue': (queue) =>
    `https://sqs.${region}.amazonaws.com/${accountId}/${generatedName(queue, 80)}`,
  'AWS::DynamoDB::Table': (table) => generatedName(table, 255),
  'AWS::Events::EventBus': (bus) => toText(bus.properties.Name ?? ''),
  'AWS::SecretsManager::Secret': ({ logicalId }) =>
    `arn:aws:secretsmanager:${region}:${accountId}:secret:${logicalId}-${randomCharacters(12)}-${randomCharacters(6)}`,
  'AWS::ApiGatewayV2::Api': () =>
    `https://${randomCharacters(10)}.execute-api.${region}.amazonaws.com`,
};

/** The text of a variable as on AWS: references have the lengths of real names. */
const valueOnAws = ({ all, named }: Synthesis, text: string): string => {
  const [name = '', attribute, path = ''] = text.split(/\.(Id|ApiEndpoint)/);
  const resource = all().find((one) => one.name === name);
  const referenced = resource && referencedValues[resource.type];
  if (referenced) return `${referenced(resource)}${path}`;
  if (attribute !== undefined) throw new Error(`No resource ${name} in a variable.`);

  return text.replaceAll(/([\w/]+)\.QueueName/g, (_, queue: string) =>
    generatedName(named(queue), 80),
  );
};

/** The bytes of a function's variables on AWS: names and values as JSON. */
const environmentBytes = (synthesis: Synthesis, { properties, rawProperties }: Resource): number =>
  Buffer.byteLength(
    JSON.stringify(
      Object.fromEntries(
        Object.entries((valueAt(properties, 'Environment.Variables') ?? {}) as Fields).map(
          ([name, value]) => {
            const raw = valueAt(rawProperties, `Environment.Variables.${name}`);
            const text = toText(value);

            return [name, typeof raw === 'string' ? text : valueOnAws(synthesis, text)];
          },
        ),
      ),
    ),
  );

describe.each(Object.entries(contexts))('templates and functions (%s)', (_, context) => {
  const synthesis = synthesize(context);

  it.each(Object.keys(bounds) as (keyof typeof bounds)[])(
    'keep the %s of each template far below the limit of CloudFormation',
    (quantity) => {
      expect(synthesis.templates.length).toBeGreaterThan(3);
      for (const template of synthesis.templates)
        expect(template[quantity], template.name).toBeLessThan(bounds[quantity]);
    },
  );

  it('export nothing of the service, so that each of its resources can be replaced', () => {
    const service = synthesis.templates.filter(({ name }) => name.includes('-service'));

    expect(service).toHaveLength(3);
    expect(service.filter(({ exports }) => exports > 0)).toEqual([]);
  });

  it('keep the variables of a function below 4 KB, with names as long as on AWS', () => {
    const functions = synthesis.all('AWS::Lambda::Function');

    for (const one of functions)
      expect(environmentBytes(synthesis, one), one.name).toBeLessThan(maxEnvironmentBytes);
    expect(environmentBytes(synthesis, synthesis.named('RedriveDeadLetters'))).toBeGreaterThan(
      maxEnvironmentBytes / 2,
    );
  });
});
