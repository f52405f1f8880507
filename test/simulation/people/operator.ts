import { operatorScope } from '../../../shared/http/routes.ts';
import type { ApiRequest } from '../../support/builders/api-gateway-event.ts';
import type { Random } from '../virtual/random.ts';
import { type Client, createClient } from './client.ts';
import type { Shop } from './shop.ts';

/** A person with the scope of operators. */
export interface Operator {
  readonly name: string;
  readonly shop: Shop;
  readonly random: Random;
  readonly client: Client;
  readonly request: (
    method: ApiRequest['method'],
    path: string,
    parts?: Pick<ApiRequest, 'body' | 'query' | 'key'>,
  ) => ApiRequest;
}

export const createOperator = (shop: Shop, name: string, random: Random): Operator => ({
  name,
  shop,
  random,
  client: createClient(shop, random),
  request: (method, path, parts = {}) => ({
    method,
    path,
    buyer: name,
    scope: operatorScope,
    ...parts,
  }),
});
