import type * as z from 'zod';
import type { RejectionCode } from '../domain/errors.ts';
import type { Example } from './examples.ts';
import type { RequestHeader, ResponseHeader } from './headers.ts';

export type Tag = 'Orders' | 'Payments' | 'Wallet' | 'Shop' | 'Operators' | 'Service';

/** An answer that is no problem. */
export interface SuccessResponse {
  readonly description: string;
  /** Absent where there is no body. */
  readonly schema?: z.ZodType;
  readonly headers?: readonly ResponseHeader[];
}

/**
 * What those who call a route are told of it, in its folder's `operation.ts`. The API's description is made from it, and every answer
 * that a test sees is held to it. No function loads it: a function takes types from it alone.
 */
export interface Operation {
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  readonly query?: z.ZodObject;
  readonly headers?: readonly RequestHeader[];
  readonly body?: z.ZodType;
  readonly isBodyOptional?: boolean;
  /** A body of another form is no fault. */
  readonly isLenient?: boolean;
  /** By status. */
  readonly responses: Readonly<Record<number, SuccessResponse>>;
  /** The refusals that are this route's own: those that follow from its input and its token are added to them. */
  readonly problems?: readonly RejectionCode[];
  /** Where the work keeps its answers itself, behind no lock: the refusals that it keeps for their key. */
  readonly storedRejections?: readonly RejectionCode[];
  /** By name. Each is sent to the deployed service by a test, and answered as it says. */
  readonly examples: Readonly<Record<string, Example>>;
}
