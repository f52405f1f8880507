import type * as z from 'zod';
import type { RejectionCode } from '../domain/errors.ts';
import type { Example } from './examples.ts';
import type { RequestHeader, ResponseHeader } from './headers.ts';

export type Tag = 'Orders' | 'Payments' | 'Wallet' | 'Shop' | 'Operators' | 'Service';

/** A response that is not a problem. */
export interface SuccessResponse {
  readonly description: string;
  /** Absent if the response has no body. */
  readonly schema?: z.ZodType;
  readonly headers?: readonly ResponseHeader[];
  /** Headers that only some of the responses have, although the header is usually required. */
  readonly optionalHeaders?: readonly ResponseHeader[];
}

/**
 * The documentation of a route, in the `operation.ts` of its function. The OpenAPI document is generated from
 * it, and tests check every response against it. Functions import only types from it, so that bundles stay
 * small.
 */
export interface Operation {
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  readonly query?: z.ZodObject;
  readonly headers?: readonly RequestHeader[];
  readonly body?: z.ZodType;
  readonly isBodyOptional?: boolean;
  /** Whether a body that does not match the schema is accepted. */
  readonly isLenient?: boolean;
  /** By status. */
  readonly responses: Readonly<Record<number, SuccessResponse>>;
  /** Rejections specific to this route. Those that follow from its parameters and its token are added. */
  readonly problems?: readonly RejectionCode[];
  /** Rejection codes that the work stores for the key itself, without the idempotency table. */
  readonly storedRejections?: readonly RejectionCode[];
  /** By name. An integration test sends each to the deployed service and compares the response. */
  readonly examples: Readonly<Record<string, Example>>;
}
