import { AsyncLocalStorage } from 'node:async_hooks';
import { vi } from 'vitest';
import type { GatewayTruth, SimulatedGateway } from '../../../simulation/gateways/gateway.ts';
import type { Shop } from '../../../simulation/people/shop.ts';
import type { ApiAnswer, DeadLetter, RunRecord } from '../../../simulation/run-record.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { VirtualTime } from '../../../simulation/virtual/time.ts';
import type { ApiRequest } from '../../../support/builders/api-gateway-event.ts';

type Item = Readonly<Record<string, unknown>>;
type Write = Parameters<Parameters<Shop['onWrite']>[0]>[0];

/** What the fake answers: status and body; undefined if the response never comes. */
export type Respond = (
  request: ApiRequest,
) => { readonly status: number; readonly body?: Item } | undefined;

export const nothingAtGateway: GatewayTruth = {
  captures: 0,
  captured: 0,
  refunded: 0,
  refundKeys: [],
  isPending: false,
  isUndecided: false,
};

/** The id that the service would derive: the key is in it. */
const idOf = ({ buyer, key }: ApiRequest) => `${buyer}_${key}`;

/** Accepts and completes everything; lists are empty. */
export const acceptEverything: Respond = (request) => {
  const { method, path, body } = request;
  if (method === 'GET')
    return { status: 200, body: path.endsWith('s') ? { items: [] } : { status: 'COMPLETED' } };
  const { lines = [] } = (body ?? {}) as { lines?: readonly object[] };
  if (path === '/orders')
    return { status: 201, body: { orderId: idOf(request), lines, total: 1_000 } };
  if (path === '/payments') return { status: 202, body: { paymentId: idOf(request) } };
  if (path.endsWith('/refunds')) return { status: 202, body: { refundId: idOf(request) } };
  if (path.startsWith('/orders/') || path.endsWith('/resolve')) return { status: 200, body: {} };
  if (path.endsWith('/redrive')) return { status: 200, body: { items: [] } };

  return { status: 202, body: {} };
};

/** Whose work runs now. */
const acting = new AsyncLocalStorage<string>();

const startsAt = Date.UTC(2026, 0, 1);

/** A shop without a service: it answers at once and records what people do. */
export const createFakeShop = ({
  seed = 1,
  respond = acceptEverything,
  gateway = {},
}: {
  seed?: number;
  respond?: Respond;
  gateway?: Partial<SimulatedGateway>;
} = {}) => {
  const time = new VirtualTime(startsAt, new Random('ties'));
  const tables = new Map<string, Map<string, Item>>();
  const tableOf = (name: string) => {
    const table = tables.get(name) ?? new Map<string, Item>();
    tables.set(name, table);

    return table;
  };
  const keyNames: Readonly<Record<string, readonly string[]>> = {
    Balances: ['userId'],
    Products: ['sku'],
    Coupons: ['userId', 'couponId'],
    Payments: ['paymentId'],
    Refunds: ['refundId'],
    Reviews: ['reviewId'],
  };
  const keyOf = (table: string, item: object) =>
    JSON.stringify((keyNames[table] ?? []).map((name) => (item as Item)[name]));
  const requests: { readonly at: number; readonly by: string; readonly request: ApiRequest }[] = [];
  const errors: unknown[] = [];
  const looks: ((write: Write) => void)[] = [];
  const deadLetters: DeadLetter[] = [];
  const moved: { readonly queue: string; readonly body: string }[] = [];
  const started: string[] = [];
  let isCalm = false;
  let working = 0;

  const run = {
    stage: 'local',
    tables: {
      items: (table: string) => [...tableOf(table).values()],
      item: (table: string, key: object) => tableOf(table).get(keyOf(table, key)),
    },
    gateway: {
      checkout: (method: string) => method,
      pages: {
        payInWindow: async (_window: object, method: string) => method,
        closeWindow: async () => undefined,
        challengedMethods: ['sim_challenge'],
        decide: async () => undefined,
        actionUrls: () => [],
      },
      references: () => [],
      truthOf: () => nothingAtGateway,
      refundByHand: vi.fn(async () => undefined),
      ...gateway,
    },
    deadLetters,
  } as unknown as RunRecord;

  const shop: Shop = {
    time,
    random: new Random(seed),
    run,
    send: async (request) => {
      requests.push({ at: time.now - startsAt, by: acting.getStore() ?? '', request });
      await time.sleep(10);
      const response = respond(request);

      return (
        response &&
        ({
          sentAt: time.now,
          at: time.now,
          request,
          headers: {},
          body: undefined,
          ...response,
        } as ApiAnswer)
      );
    },
    start: (name, work) => {
      started.push(name);
      working += 1;
      void acting
        .run(name, work)
        .catch((error) => errors.push(error))
        .finally(() => {
          working -= 1;
        });
    },
    seed: (table, item) => {
      tableOf(table).set(keyOf(table, item), item as Item);
    },
    remove: (table, key) => {
      tableOf(table).delete(keyOf(table, key));
    },
    onWrite: (look) => {
      looks.push(look);
    },
    isCalm: () => isCalm,
    webhookOf: () => undefined,
    sendWebhookAgain: () => {},
    redriveInConsole: (queue, body) => {
      moved.push({ queue, body });
    },
    record: () => {},
  };

  return {
    shop,
    requests,
    errors,
    moved,
    started,
    deadLetters,
    table: (name: string) => [...tableOf(name).values()],
    write: (write: Pick<Write, 'table' | 'before' | 'after'>) => {
      for (const look of looks) look({ sequence: 1, at: time.now, ...write } as Write);
    },
    calmDown: () => {
      isCalm = true;
    },
    /** Runs until all are done, at most some days. */
    settle: async () => {
      await time.runUntil(time.now + 5 * 24 * 3_600_000, () => working === 0);
      if (working > 0) throw new Error('The work of a person never ends.');
    },
  };
};
