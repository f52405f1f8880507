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

/** One property of one deployed resource that the template promises. */
interface ExpectedProperty {
  /** `{stack}/{logical id}`. */
  readonly resource: string;
  readonly physicalId: string;
  readonly kind: DroppedProperty;
  readonly wanted: unknown;
}

interface Template {
  readonly Resources?: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }
    >
  >;
}

/**
 * Makes true what the local AWS dropped from the template without a word: reads it back, sets what
 * differs through the service's own API, and reads again. Gives the names of what had to be set;
 * whatever still differs is an error that names resource and difference.
 */
export const applyDroppedProperties = async (
  endpoint: string,
  assembly: string,
): Promise<readonly string[]> => {
  const applied: string[] = [];
  const remaining: string[] = [];
  for (const { resource, physicalId, kind, wanted } of await expectedProperties(
    endpoint,
    assembly,
  )) {
    const service = kind.at(endpoint, physicalId);
    if (isDeepStrictEqual(await service.read(), wanted)) continue;

    await service.write(wanted);
    const found = await service.read();
    if (isDeepStrictEqual(found, wanted)) applied.push(`${resource} ${kind.property}`);
    else
      remaining.push(
        `${resource} ${kind.property} is ${toText(found)}, the template says ${toText(wanted)}`,
      );
  }
  if (remaining.length > 0) {
    throw new CliError(`The local AWS is not what the template says:\n  ${remaining.join('\n  ')}`);
  }
  return applied;
};

const toText = (value: unknown) => JSON.stringify(value) ?? 'not set';

const expectedProperties = async (
  endpoint: string,
  assembly: string,
): Promise<readonly ExpectedProperty[]> => {
  const cloudFormation = new CloudFormationClient(localClientConfig(endpoint));
  const expected = stacksOf(assembly).map(async ({ stack, template }) => {
    const { StackResources = [] } = await cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName: stack }),
    );
    const physicalIds = new Map(
      StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [
        LogicalResourceId,
        PhysicalResourceId,
      ]),
    );

    return Object.entries(template.Resources ?? {}).flatMap(([logicalId, { Type, Properties }]) =>
      droppedProperties.flatMap((kind): ExpectedProperty[] => {
        const wanted = Properties?.[kind.property];
        if (kind.type !== Type || wanted === undefined) return [];

        const resource = `${stack}/${logicalId}`;
        const physicalId = physicalIds.get(logicalId);
        if (physicalId === undefined)
          throw new CliError(`The local AWS did not create ${resource}.`);
        return [{ resource, physicalId, kind, wanted }];
      }),
    );
  });

  return (await Promise.all(expected)).flat();
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

/** Each stack of a cloud assembly, by the name that it has in the account. */
const stacksOf = (assembly: string) => {
  const json = (file: string) => JSON.parse(readFileSync(join(assembly, file), 'utf8'));
  const { artifacts }: Manifest = json('manifest.json');

  return Object.entries(artifacts).flatMap(([id, { type, properties }]) =>
    type === 'aws:cloudformation:stack' && properties?.templateFile
      ? [{ stack: properties.stackName ?? id, template: json(properties.templateFile) as Template }]
      : [],
  );
};
