import * as z from 'zod';
import { id } from './fields.ts';

/** RFC 9457, with what this service adds to it. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: '`urn:aftercommit:problem:` and the code.' }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'What a program decides by.' }),
    detail: z.string().meta({ description: 'What a person reads.' }),
    instance: z.string().meta({ description: 'The path that was asked for.' }),
    traceId: z.string().meta({
      description:
        'The trace of the request: of the `traceparent` that it came with, where it had one.',
    }),
    errors: z
      .array(
        z.strictObject({
          detail: z.string(),
          pointer: z.string().optional().meta({ description: 'JSON Pointer into the body.' }),
          parameter: z.string().optional().meta({ description: 'Of the path or the query.' }),
          sku: z.string().optional(),
        }),
      )
      .readonly()
      .optional()
      .meta({ description: 'Each thing that is wrong, where there may be several.' }),
    paymentId: id.optional().meta({ description: 'The payment that the refusal is about.' }),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' });

/** What API Gateway itself answers: it knows no problem documents. */
export const apiGatewayMessageSchema = z
  .object({ message: z.string() })
  .meta({ id: 'GatewayMessage', description: 'What stands before the service says no.' });
