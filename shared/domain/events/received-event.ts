import * as z from 'zod';
import { type EventName, envelopeSchema } from './domain-event.ts';

/**
 * The schema with which a consumer reads an event: that of the producer, except that each object may have more fields.
 * An event of the next version is read by the fields that this version knows, and passed on with all of them.
 */
export const receivedEnvelopeSchema = <N extends EventName>(name: N) =>
  acceptUnknownFields(envelopeSchema(name)) as ReturnType<typeof envelopeSchema<N>>;

/** The same schema, whose objects accept and keep fields that they do not have. */
const acceptUnknownFields = (schema: z.ZodType): z.ZodType => {
  if (schema instanceof z.ZodObject)
    return z.looseObject(
      Object.fromEntries(
        Object.entries<z.ZodType>(schema.shape).map(([field, value]) => [
          field,
          acceptUnknownFields(value),
        ]),
      ),
    );
  if (schema instanceof z.ZodArray)
    return z.array(acceptUnknownFields(schema.element as z.ZodType));
  if (schema instanceof z.ZodOptional)
    return acceptUnknownFields(schema.unwrap() as z.ZodType).optional();

  return schema;
};
