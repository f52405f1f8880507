import * as z from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** Converts zod schemas to JSON Schemas. Those with an id become components that the others refer to. */
export const createSchemaRegistry = () => {
  const components = new Map<string, Json>();

  /** The JSON Schema for data that a client sends (`input`) or receives (`output`). */
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output' = 'output'): Json => {
    const { properties, $defs = {} } = toJsonSchema(z.object({ it: schema }), io);
    for (const [id, { id: _, ...component }] of Object.entries($defs)) register(id, component);

    return properties?.it as Json;
  };

  const register = (id: string, component: Json) => {
    const known = components.get(id);
    if (known && JSON.stringify(known) !== JSON.stringify(component)) {
      throw new Error(`Two schemas have the id ${id}.`);
    }
    components.set(id, component);
  };

  return { schemaOf, components: () => Object.fromEntries([...components].toSorted(byName)) };
};

export type SchemaRegistry = ReturnType<typeof createSchemaRegistry>;

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
  a < b ? -1 : 1;

interface JsonSchemaDocument {
  readonly properties?: Json;
  readonly $defs?: Readonly<Record<string, Json>>;
}

const toJsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchemaDocument => {
  const made = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      // Responses may gain fields; requests may not.
      if (io === 'output') delete jsonSchema.additionalProperties;
      // The format says the same, readably.
      if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date')
        delete jsonSchema.pattern;
      // In OpenAPI it means that a client must not send it.
      delete jsonSchema.readOnly;
      // Limits of JavaScript, not of the API.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });

  return JSON.parse(JSON.stringify(made).replaceAll('#/$defs/', '#/components/schemas/'));
};
