/** One route of the public API. CDK, the tests' direct transport and the documentation are made from this table. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Path template as API Gateway writes it. */
  readonly path: string;
  /** Folder under functions/. */
  readonly function: string;
  /** Who may call: anyone, a buyer with a token, or an operator with the operator scope. */
  readonly access: 'public' | 'buyer' | 'operator';
  /** Whether it reads a query. Any other refuses one, unless it is public: a gateway or a monitor may add parameters to the URL that it calls. */
  readonly query?: true;
}

/** The methods by which a route is served. HEAD is answered as GET, without the body. */
export const methodsOf = ({
  method,
}: Pick<Route, 'method'>): readonly ('GET' | 'HEAD' | 'POST')[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

/** The function that answers, to anyone, what no route of the table does. */
export const fallbackFunctionName = 'reject-unknown-route';

/** The scope that a token needs for operator routes. */
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

/** Whether the route that API Gateway has chosen, such as `GET /orders`, takes no query. What no route of the table answers has its own refusal. */
export const rejectsQuery = (routeKey: string): boolean =>
  routes.some(
    (route: Route) =>
      route.access !== 'public' &&
      !route.query &&
      methodsOf(route).some((method) => `${method} ${route.path}` === routeKey),
  );
