import * as z from 'zod';
import { minOperatorReasonLength } from '../domain/operator.ts';

/** The reason of an operator's action, for the audit log. */
export const operatorReasonSchema = z
  .string()
  .trim()
  .min(minOperatorReasonLength)
  .max(500)
  .meta({
    description: `Reason for the audit log, ${minOperatorReasonLength} to 500 characters.`,
  });
