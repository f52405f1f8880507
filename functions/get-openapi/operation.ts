import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';

const description = z
  .looseObject({ openapi: z.string(), paths: z.looseObject({}) })
  .meta({ id: 'Description', description: 'A document after OpenAPI 3.1.' });

export const operation: Operation = {
  tag: 'Service',
  summary: 'Read this description',
  description:
    'What you are reading: every route, what it takes, and each answer that it may give.',
  responses: { 200: { description: 'The description.', schema: description } },
  examples: {
    read: { summary: 'This description', fixture: 'shop', response: { status: 200 } },
  },
};
