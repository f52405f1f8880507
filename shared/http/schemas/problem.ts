import * as z from 'zod';
import { id } from './fields.ts';

/** A problem document (RFC 9457) with the extension members of this service. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: '`urn:aftercommit:problem:` followed by the code.' }),
    title: z.string().meta({ description: 'Short summary, the same for every problem of a code.' }),
    status: z.int().meta({ description: 'HTTP status code.' }),
    code: z.string().meta({ description: 'Machine-readable code. Programs branch on it.' }),
    detail: z
      .string()
      .meta({ description: 'Explanation of this occurrence, for people. Its text may change.' }),
    instance: z.string().meta({ description: 'Path of the request.' }),
    traceId: z.string().meta({
      description:
        'Trace ID of the request, 32 hexadecimal digits; that of its `traceparent` header if it had one.',
    }),
    errors: z
      .array(
        z.strictObject({
          detail: z.string().meta({ description: 'What is wrong.' }),
          pointer: z
            .string()
            .optional()
            .meta({ description: 'JSON Pointer (RFC 6901) to the field of the body.' }),
          parameter: z
            .string()
            .optional()
            .meta({ description: 'Name of the path or query parameter.' }),
          sku: z.string().optional().meta({ description: 'SKU of the product concerned.' }),
        }),
      )
      .readonly()
      .optional()
      .meta({ description: 'Each error of the request, for codes that can have several.' }),
    paymentId: id
      .optional()
      .meta({ description: 'ID of the payment concerned, also in `Location`.' }),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' });

/** An error from API Gateway, which sends no problem documents. */
export const apiGatewayMessageSchema = z
  .object({ message: z.string().meta({ description: 'Explanation for people.' }) })
  .meta({
    id: 'GatewayMessage',
    description: 'An error from API Gateway itself, sent before the service receives the request.',
  });
