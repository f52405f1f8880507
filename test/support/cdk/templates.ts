import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Fields, type Json, resolveReferences, type Scope, toText } from './intrinsics.ts';

export interface Resource {
  /** Construct path below the stack, without the ids of nested stacks: `Orders`, `Relay/Failures`. */
  readonly name: string;
  readonly logicalId: string;
  readonly type: string;
  /** The name of its stack: `aftercommit-sandbox-service`, also for a resource of a nested stack. */
  readonly stack: string;
  /** Properties with resolved references: `Orders`, `Orders.Arn`. */
  readonly properties: Fields;
  /** Properties as in the template. */
  readonly rawProperties: Fields;
  readonly deletionPolicy: string;
  /** Resources of its template that CloudFormation creates before it, besides those that it refers to. */
  readonly dependsOn: readonly string[];
  /** How CloudFormation updates it, if not by its default. */
  readonly updatePolicy?: Json | undefined;
}

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        Type: string;
        Properties?: Fields;
        DeletionPolicy?: string;
        DependsOn?: readonly string[];
        UpdatePolicy?: Json;
        Metadata: Fields;
      }
    >
  >;
  readonly Outputs?: Readonly<Record<string, { Value: Json; Export?: { Name: string } }>>;
  readonly Parameters?: Fields;
}

/** A template with those of its nested stacks, by logical id. */
export interface StackTemplate {
  readonly stack: string;
  /** The path of its construct: `aftercommit-sandbox-service`, `aftercommit-sandbox-service/ApiStack`. */
  readonly path: string;
  readonly template: Template;
  readonly bytes: number;
  readonly nested: ReadonlyMap<string, StackTemplate>;
}

/** What CloudFormation limits in one template. */
export interface SizedTemplate {
  /** `aftercommit-sandbox-service`, `aftercommit-sandbox-service/ApiStack`. */
  readonly name: string;
  readonly bytes: number;
  readonly resources: number;
  readonly outputs: number;
  /** Outputs that another stack imports: CloudFormation refuses to change or delete what they name. */
  readonly exports: number;
  readonly parameters: number;
}

const nestedStackType = 'AWS::CloudFormation::Stack';

/** Reads a template, and those that it nests, from a cloud assembly. */
export const readTemplate = (stack: string, file: string, path = stack): StackTemplate => {
  const text = readFileSync(file, 'utf8');
  const template: Template = JSON.parse(text);
  const nested = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === nestedStackType)
    .map(([id, { Metadata }]): [string, StackTemplate] => [
      id,
      readTemplate(
        stack,
        join(dirname(file), toText(Metadata['aws:asset:path'])),
        toText(Metadata['aws:cdk:path']).replace(/\.NestedStack\/.*$/, ''),
      ),
    ]);

  return { stack, path, template, bytes: Buffer.byteLength(text), nested: new Map(nested) };
};

interface ResolvedTemplate {
  /** Resources of the stack and of its nested stacks. */
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** Resolves the references of a template. Adds its exports to `exported`. */
export const resolveTemplate = (
  { stack, path, template, nested }: StackTemplate,
  exported: Map<string, string>,
  parameters: ReadonlyMap<string, string>,
): ResolvedTemplate => {
  const names = new Map([
    ...parameters,
    ...Object.entries(template.Resources).map(([id, { Metadata }]): [string, string] => [
      id,
      toText(Metadata['aws:cdk:path'])
        .slice(path.length + 1)
        .replace(/\/Resource$/, ''),
    ]),
  ]);
  const resolved = new Map<string, ResolvedTemplate>();
  // A nested stack may have an output of another one as a parameter.
  const resolveNested = (id: string): ResolvedTemplate | undefined => {
    const child = nested.get(id);
    if (child === undefined) return undefined;
    const found = resolved.get(id) ?? resolveTemplate(child, exported, parametersOf(id));
    resolved.set(id, found);

    return found;
  };
  const scope: Scope = {
    names,
    exported,
    nestedOutput: (id, output) => resolveNested(id)?.outputs[output],
  };
  const parametersOf = (id: string) =>
    new Map(
      Object.entries((template.Resources[id]?.Properties?.Parameters ?? {}) as Fields).map(
        ([name, value]) => [name, toText(resolveReferences(value, scope))],
      ),
    );

  const own = Object.entries(template.Resources).map(
    ([id, { Type, Properties = {}, DeletionPolicy = 'Delete', ...policies }]): Resource => {
      const { DependsOn = [], UpdatePolicy } = policies;

      return {
        name: names.get(id) ?? id,
        logicalId: id,
        type: Type,
        stack,
        properties: resolveReferences(Properties, scope) as Fields,
        rawProperties: Properties,
        deletionPolicy: DeletionPolicy,
        dependsOn: DependsOn.map((one) => names.get(one) ?? one),
        ...(UpdatePolicy !== undefined && { updatePolicy: resolveReferences(UpdatePolicy, scope) }),
      };
    },
  );
  const outputs: Record<string, string> = {};
  for (const [id, { Value, Export }] of Object.entries(template.Outputs ?? {})) {
    const value = toText(resolveReferences(Value, scope));
    if (Export) exported.set(Export.Name, value);
    else outputs[id] = value;
  }

  return {
    resources: [...own, ...[...nested.keys()].flatMap((id) => resolveNested(id)?.resources ?? [])],
    outputs,
  };
};

/** The sizes of a template and of those that it nests. */
export const sizesOf = ({ path, template, bytes, nested }: StackTemplate): SizedTemplate[] => [
  {
    name: path,
    bytes,
    resources: Object.keys(template.Resources).length,
    outputs: Object.keys(template.Outputs ?? {}).length,
    exports: Object.values(template.Outputs ?? {}).filter((one) => one.Export).length,
    parameters: Object.keys(template.Parameters ?? {}).length,
  },
  ...[...nested.values()].flatMap(sizesOf),
];
