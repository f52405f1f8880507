import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { Advice } from '../cli/cli-error.ts';
import { localClient } from './aws.ts';
import { type Kind, kinds } from './emulator-gaps.ts';

/** One property of one deployed resource that the template promises. */
interface Promised {
  /** `{stack}/{logical id}`. */
  readonly resource: string;
  readonly physicalId: string;
  readonly kind: Kind;
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
export const repair = async (endpoint: string, assembly: string): Promise<readonly string[]> => {
  const repaired: string[] = [];
  const broken: string[] = [];
  for (const { resource, physicalId, kind, wanted } of await promisesOf(endpoint, assembly)) {
    const service = kind.at(endpoint, physicalId);
    if (isDeepStrictEqual(await service.read(), wanted)) continue;

    await service.write(wanted);
    const found = await service.read();
    if (isDeepStrictEqual(found, wanted)) repaired.push(`${resource} ${kind.property}`);
    else
      broken.push(
        `${resource} ${kind.property} is ${show(found)}, the template says ${show(wanted)}`,
      );
  }
  if (broken.length > 0) {
    throw new Advice(`The local AWS is not what the template says:\n  ${broken.join('\n  ')}`);
  }
  return repaired;
};

const show = (value: unknown) => JSON.stringify(value) ?? 'not set';

const promisesOf = async (endpoint: string, assembly: string): Promise<readonly Promised[]> => {
  const cloudFormation = new CloudFormationClient(localClient(endpoint));
  const promised = stacksOf(assembly).map(async ({ stack, template }) => {
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
      kinds.flatMap((kind): Promised[] => {
        const wanted = Properties?.[kind.property];
        if (kind.type !== Type || wanted === undefined) return [];

        const resource = `${stack}/${logicalId}`;
        const physicalId = physicalIds.get(logicalId);
        if (physicalId === undefined) throw new Advice(`The local AWS did not create ${resource}.`);
        return [{ resource, physicalId, kind, wanted }];
      }),
    );
  });

  return (await Promise.all(promised)).flat();
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
