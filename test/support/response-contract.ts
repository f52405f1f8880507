import { expect } from 'vitest';
import * as z from 'zod';
import { responseHeaders } from '../../dev/docs/openapi/headers.ts';
import { type DescribedRoute, describedRoutes } from '../../dev/docs/openapi/operations.ts';
import {
  gatewayStatusesOf,
  headersOf,
  problemsOf,
  statusOf,
} from '../../dev/docs/openapi/route-problems.ts';
import type { ResponseHeader } from '../../shared/http/headers.ts';
import type { ProblemCode } from '../../shared/http/problem.ts';
import { apiGatewayMessageSchema, problemSchema } from '../../shared/http/schemas/problem.ts';
import { routeOf } from './builders/api-gateway-event.ts';
import type { Reply, Transport } from './stack/transports.ts';

/** Checks every response against the OpenAPI description of its route: status, body, headers. */
export const withContractCheck =
  (send: Transport): Transport =>
  async (request) => {
    const reply = await send(request);
    const { route } = routeOf(request.method, request.path);
    const described = describedRoutes.find((one) => one.route === route);
    if (described === undefined) throw new Error(`${route.path} is not described.`);
    const violations = contractViolations(described, reply);
    expect(violations, `${route.method} ${route.path} answered ${JSON.stringify(reply)}`).toEqual(
      [],
    );

    return reply;
  };

// Errors of API Gateway itself are not described by a route.
const gatewayBodySchema = apiGatewayMessageSchema.or(z.strictObject({}));

/** The differences between a response and the description of its route. */
export const contractViolations = (described: DescribedRoute, reply: Reply): readonly string[] => {
  const type = reply.headers['content-type'] ?? '';
  if (type.startsWith('application/problem+json')) return problemViolations(described, reply);
  const success = described.operation.responses[reply.status];
  if (!success) {
    return gatewayStatusesOf(described).includes(reply.status)
      ? bodyViolations(gatewayBodySchema, reply)
      : [`${reply.status} is not described`];
  }
  const { headers = [], optionalHeaders = [], schema } = success;

  return [
    ...(schema && !type.startsWith('application/json') ? [`the body is "${type}"`] : []),
    ...bodyViolations(schema ?? z.strictObject({}), reply),
    ...headerViolations(reply, [...headers, ...optionalHeaders]),
    ...headers
      .filter((name) => responseHeaders[name].required && !headerOf(reply, name))
      .map((name) => `${name} is missing`),
  ];
};

const problemViolations = (described: DescribedRoute, reply: Reply): readonly string[] => {
  const code = reply.body.code as ProblemCode;
  if (!problemsOf(described).includes(code)) return [`${code} is not described`];

  return [
    ...(statusOf(code) === reply.status ? [] : [`${code} is not a ${reply.status}`]),
    ...bodyViolations(problemSchema, reply),
    ...headerViolations(reply, headersOf(described.operation, code)),
  ];
};

const bodyViolations = (schema: z.ZodType, { body }: Reply): readonly string[] => {
  const { error } = schema.safeParse(body);

  return error ? [z.prettifyError(error)] : [];
};

const headerOf = ({ headers }: Reply, name: ResponseHeader) => headers[name.toLowerCase()];

/** Headers that the route does not describe, or with an invalid value. */
const headerViolations = (reply: Reply, described: readonly ResponseHeader[]): readonly string[] =>
  (Object.keys(responseHeaders) as ResponseHeader[]).flatMap((name) => {
    const value = headerOf(reply, name);
    if (value === undefined) return [];
    if (!described.includes(name)) return [`${name} is not described`];
    const form = z.fromJSONSchema(responseHeaders[name].schema);

    return form.safeParse(value).success ? [] : [`${name} is "${value}"`];
  });
