/** A route of the public API. CDK, the direct transport of the tests and the documentation use this table. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Path template in API Gateway syntax. */
  readonly path: string;
  /** Folder under functions/. */
  readonly function: string;
  /** Who may call: anyone, a buyer with a token, or an operator with the operator scope. */
  readonly access: 'public' | 'buyer' | 'operator';
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

/** The scope that operator routes require. */
export const operatorScope = 'aftercommit/operator';

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
    access: 'operator',
    query: true,
  },
  {
    method: 'POST',
    path: '/operator/dead-letters/redrive',
    function: 'redrive-dead-letters',
    access: 'operator',
  },
  {
    method: 'GET',
    path: '/operator/payments/{paymentId}/timeline',
    function: 'get-operator-timeline',
    access: 'operator',
  },
  {
    method: 'POST',
    path: '/operator/payments/{paymentId}/inquire',
    function: 'request-inquiry',
    access: 'operator',
  },
  {
    method: 'GET',
    path: '/operator/reviews',
    function: 'list-reviews',
    access: 'operator',
    query: true,
  },
  {
    method: 'GET',
    path: '/operator/reviews/{reviewId}',
    function: 'get-review',
    access: 'operator',
  },
  {
    method: 'POST',
    path: '/operator/reviews/{reviewId}/resolve',
    function: 'resolve-review',
    access: 'operator',
  },
  { method: 'GET', path: '/operator/ledger', function: 'reconcile-ledger', access: 'operator' },
  { method: 'GET', path: '/health', function: 'get-health', access: 'public' },
  { method: 'GET', path: '/openapi.json', function: 'get-openapi', access: 'public' },
] as const satisfies readonly Route[];

/** Whether a matched route, such as `GET /orders`, rejects query parameters. False for an unknown route. */
export const rejectsQuery = (routeKey: string): boolean =>
  routes.some(
    (route: Route) =>
      route.access !== 'public' &&
      !route.query &&
      methodsOf(route).some((method) => `${method} ${route.path}` === routeKey),
  );
