/** What an operator may do: help buyers and read everything, resolve reviews, or work on dead letters. */
export const operatorDuties = ['support', 'review', 'redrive'] as const;

export type OperatorDuty = (typeof operatorDuties)[number];

/** A route of the public API. CDK, the direct transport of the tests and the documentation use this table. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Path template in API Gateway syntax. */
  readonly path: string;
  /** Folder under functions/. */
  readonly function: string;
  /** Who may call: anyone, a buyer with a token, or an operator whose token has a scope for this duty. */
  readonly access: 'public' | 'buyer' | OperatorDuty;
  /**
   * Whether it reads a query. Other routes reject query parameters, except public ones: gateways and monitors
   * may add some.
   */
  readonly query?: true;
}

/** The methods of a route. A GET route also serves HEAD. */
export const methodsOf = ({
  method,
}: Pick<Route, 'method'>): readonly ('GET' | 'HEAD' | 'POST')[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

/** The function for requests that match no route. */
export const fallbackFunctionName = 'reject-unknown-route';

/** The scope of all duties, for machines. */
export const operatorScope = 'aftercommit/operator';

/** The scope of one duty. */
export const scopeOf = (duty: OperatorDuty): string => `aftercommit/${duty}`;

/**
 * The scopes of an operator route: the token must have one of them. The scope of support reads every operator
 * route. Empty for other routes.
 */
export const scopesOf = ({
  method,
  access,
}: Pick<Route, 'method' | 'access'>): readonly string[] => {
  if (access === 'public' || access === 'buyer') return [];
  const duties = method === 'GET' ? new Set([access, 'support' as const]) : [access];

  return [...[...duties].map(scopeOf), operatorScope];
};

/** Whether a route is for operators only. */
export const isOperatorRoute = (route: Pick<Route, 'method' | 'access'>): boolean =>
  scopesOf(route).length > 0;

export const routes = [
  { method: 'POST', path: '/orders', function: 'create-order', access: 'buyer' },
  { method: 'GET', path: '/orders', function: 'list-orders', access: 'buyer', query: true },
  { method: 'GET', path: '/orders/{orderId}', function: 'get-order', access: 'buyer' },
  { method: 'POST', path: '/orders/{orderId}/cancel', function: 'cancel-order', access: 'buyer' },
  { method: 'POST', path: '/payments', function: 'accept-payment', access: 'buyer' },
  { method: 'GET', path: '/payments', function: 'list-payments', access: 'buyer', query: true },
  { method: 'GET', path: '/payments/{paymentId}', function: 'get-payment', access: 'buyer' },
  {
    method: 'GET',
    path: '/payments/{paymentId}/timeline',
    function: 'get-timeline',
    access: 'buyer',
  },
  {
    method: 'POST',
    path: '/payments/{paymentId}/confirm',
    function: 'confirm-payment',
    access: 'buyer',
  },
  {
    method: 'POST',
    path: '/payments/{paymentId}/cancel',
    function: 'cancel-payment',
    access: 'buyer',
  },
  {
    method: 'POST',
    path: '/payments/{paymentId}/refunds',
    function: 'request-refund',
    access: 'buyer',
  },
  { method: 'GET', path: '/refunds/{refundId}', function: 'get-refund', access: 'buyer' },
  { method: 'GET', path: '/me/balance', function: 'get-balance', access: 'buyer' },
  { method: 'GET', path: '/me/points', function: 'get-points', access: 'buyer' },
  { method: 'GET', path: '/rankings', function: 'get-rankings', access: 'buyer', query: true },
  { method: 'POST', path: '/webhooks/pg', function: 'receive-webhook', access: 'public' },
  {
    method: 'GET',
    path: '/operator/dead-letters',
    function: 'list-dead-letters',
    access: 'redrive',
    query: true,
  },
  {
    method: 'POST',
    path: '/operator/dead-letters/redrive',
    function: 'redrive-dead-letters',
    access: 'redrive',
  },
  {
    method: 'GET',
    path: '/operator/payments/{paymentId}/timeline',
    function: 'get-operator-timeline',
    access: 'support',
  },
  {
    method: 'POST',
    path: '/operator/payments/{paymentId}/inquire',
    function: 'request-inquiry',
    access: 'support',
  },
  {
    method: 'POST',
    path: '/operator/payments/{paymentId}/refunds',
    function: 'request-operator-refund',
    access: 'support',
  },
  {
    method: 'POST',
    path: '/operator/payments/{paymentId}/cancel',
    function: 'cancel-operator-payment',
    access: 'support',
  },
  {
    method: 'GET',
    path: '/operator/reviews',
    function: 'list-reviews',
    access: 'review',
    query: true,
  },
  {
    method: 'GET',
    path: '/operator/reviews/{reviewId}',
    function: 'get-review',
    access: 'review',
  },
  {
    method: 'POST',
    path: '/operator/reviews/{reviewId}/resolve',
    function: 'resolve-review',
    access: 'review',
  },
  { method: 'GET', path: '/operator/ledger', function: 'reconcile-ledger', access: 'support' },
  { method: 'GET', path: '/health', function: 'get-health', access: 'public' },
  { method: 'GET', path: '/openapi.json', function: 'get-openapi', access: 'public' },
] as const satisfies readonly Route[];

const hasRouteKey = (route: Route, routeKey: string): boolean =>
  methodsOf(route).some((method) => `${method} ${route.path}` === routeKey);

/** The scopes of a matched route, such as `GET /operator/ledger`. Empty if it is not one of operators. */
export const scopesOfRouteKey = (routeKey: string): readonly string[] =>
  routes.filter((route) => hasRouteKey(route, routeKey)).flatMap(scopesOf);

/** Whether a matched route, such as `GET /orders`, rejects query parameters. False for an unknown route. */
export const rejectsQuery = (routeKey: string): boolean =>
  routes.some(
    (route: Route) => route.access !== 'public' && !route.query && hasRouteKey(route, routeKey),
  );
