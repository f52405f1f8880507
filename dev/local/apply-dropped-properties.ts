import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CliError } from '../cli/cli-error.ts';
import { localClientConfig } from './aws.ts';
import { type DroppedProperty, droppedProperties } from './emulator-gaps.ts';

/** A property that the template sets on a deployed resource. */
interface ExpectedProperty {
  /** `{stack}/{logical id}`, for a resource of a nested stack `{stack}/{its logical id}/{logical id}`. */
  readonly resource: string;
  readonly physicalId: string;
  readonly kind: DroppedProperty;
  readonly expected: unknown;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, string>>;
}

interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

/**
 * Applies the template properties that the local AWS silently drops: reads each back, sets it through the service's
 * API if it differs, and reads it again. Returns the names of the properties it set. Throws a CliError if one still
 * differs.
 */
export const applyDroppedProperties = async (
  endpoint: string,
  assembly: string,
): Promise<readonly string[]> => {
  const applied: string[] = [];
  const remaining: string[] = [];
  for (const { resource, physicalId, kind, expected } of await expectedProperties(
    endpoint,
    assembly,
  )) {
    const service = kind.at(endpoint, physicalId);
    if (isDeepStrictEqual(await service.read(), expected)) continue;

    await service.write(expected);
    const found = await service.read();
    if (isDeepStrictEqual(found, expected)) applied.push(`${resource} ${kind.property}`);
    else
      remaining.push(
        `${resource} ${kind.property} is ${toText(found)}, the template has ${toText(expected)}`,
      );
  }
  if (remaining.length > 0) {
    throw new CliError(`The local AWS differs from the template:\n  ${remaining.join('\n  ')}`);
  }
  return applied;
};

const toText = (value: unknown) => JSON.stringify(value) ?? 'not set';

const expectedProperties = async (
  endpoint: string,
  assembly: string,
): Promise<readonly ExpectedProperty[]> => {
  const cloudFormation = new CloudFormationClient(localClientConfig(endpoint));
  const properties = stacksOf(assembly).map((stack) =>
    expectedPropertiesOf(cloudFormation, assembly, stack),
  );

  return (await Promise.all(properties)).flat();
};

const nestedStackType = 'AWS::CloudFormation::Stack';

/** The properties of a stack's resources, and of the resources of its nested stacks. */
const expectedPropertiesOf = async (
  cloudFormation: CloudFormationClient,
  assembly: string,
  { stack, label, template }: DeployedStack,
): Promise<readonly ExpectedProperty[]> => {
  const { StackResources = [] } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  const physicalIds = new Map(
    StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
  const physicalIdOf = (logicalId: string): string => {
    const physicalId = physicalIds.get(logicalId);
    if (physicalId === undefined)
      throw new CliError(`The local AWS did not create ${label}/${logicalId}.`);

    return physicalId;
  };
  const resources = Object.entries(template.Resources ?? {});
  const own = resources.flatMap(([logicalId, { Type, Properties }]) =>
    droppedProperties.flatMap((kind): ExpectedProperty[] => {
      const expected = Properties?.[kind.property];
      if (kind.type !== Type || expected === undefined) return [];

      const resource = `${label}/${logicalId}`;
      return [{ resource, physicalId: physicalIdOf(logicalId), kind, expected }];
    }),
  );
  const nested = resources
    .filter(([, { Type }]) => Type === nestedStackType)
    .map(([logicalId, { Metadata }]) =>
      expectedPropertiesOf(cloudFormation, assembly, {
        stack: physicalIdOf(logicalId),
        label: `${label}/${logicalId}`,
        template: readJson(assembly, Metadata?.['aws:asset:path'] ?? ''),
      }),
    );

  return [...own, ...(await Promise.all(nested)).flat()];
};

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
      }
    >
  >;
}

/** A stack and its template. */
interface DeployedStack {
  /** Its name, or the id of a nested stack. */
  readonly stack: string;
  /** For messages: the name of the stack, and the logical ids of nested stacks. */
  readonly label: string;
  readonly template: Template;
}

const readJson = (assembly: string, file: string) =>
  JSON.parse(readFileSync(join(assembly, file), 'utf8'));

/** The stacks of a cloud assembly with their deployed names. */
const stacksOf = (assembly: string): readonly DeployedStack[] => {
  const { artifacts }: Manifest = readJson(assembly, 'manifest.json');

  return Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) return [];
    const stack = properties.stackName ?? id;

    return [{ stack, label: stack, template: readJson(assembly, properties.templateFile) }];
  });
};
