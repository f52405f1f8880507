/** The actions of functions by resource. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export const get = 'dynamodb:GetItem';
export const batchGet = 'dynamodb:BatchGetItem';
export const check = 'dynamodb:ConditionCheckItem';
export const put = 'dynamodb:PutItem';
export const update = 'dynamodb:UpdateItem';
export const query = 'dynamodb:Query';
export const scan = 'dynamodb:Scan';
export const idempotencyActions = { Idempotency: ['dynamodb:DeleteItem', get, put, update] };

export const grantEach = (resources: readonly string[], actions: readonly string[]) =>
  Object.fromEntries(resources.map((resource) => [resource, actions]));
