import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';

const document = z
  .looseObject({
    openapi: z.string().meta({ description: 'Version of the OpenAPI Specification.' }),
    paths: z.looseObject({}).meta({ description: 'The routes of the API.' }),
  })
  .meta({ id: 'OpenApiDocument', description: 'An OpenAPI 3.1 document.' });

export const operation: Operation = {
  tag: 'Service',
  summary: 'Get the OpenAPI document',
  description: 'Returns this document.',
  responses: { 200: { description: 'The OpenAPI document.', schema: document } },
  examples: {
    read: { summary: 'The document', fixture: 'shop', response: { status: 200 } },
  },
};
