import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { ItemWrite } from '../../../simulation/aws/dynamodb/memory-dynamodb.ts';
import type { PublishedEvent } from '../../../simulation/aws/event-bridge.ts';
import type { Check } from '../../../simulation/checks/check.ts';
import type { GatewayTruth, SimulatedGateway } from '../../../simulation/gateways/gateway.ts';
import type { ApiAnswer, RunRecord, TableView } from '../../../simulation/run-record.ts';
import { only } from '../../../simulation/virtual/fault-mix.ts';
import { Faults } from '../../../simulation/virtual/faults.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { VirtualTime } from '../../../simulation/virtual/time.ts';
import { noon } from '../../../support/builders/builders.ts';

export interface GatewayAccount extends GatewayTruth {
  /** The amounts of all refunds, also of those made by hand. */
  readonly refunds: readonly number[];
}

/** What a test says about a run. All parts can be replaced. */
export interface RunParts
  extends Partial<Omit<RunRecord, 'tables' | 'gateway' | 'faults' | 'lostWebhooks'>> {
  readonly items: Readonly<Record<string, readonly object[]>>;
  readonly charges?: Readonly<Record<string, Partial<GatewayAccount>>>;
  readonly adapter?: SimulatedGateway['adapter'];
  readonly actionUrls?: readonly string[];
  readonly lostWebhooks?: readonly string[];
  /** As the faults record them: `crashAfter charge-payment dynamodb:Update`. */
  readonly taken?: readonly string[];
}

const notCharged: GatewayAccount = {
  captures: 0,
  captured: 0,
  refunded: 0,
  refundKeys: [],
  refunds: [],
  isPending: false,
  isUndecided: false,
};

const tablesOf = (items: RunParts['items']): TableView => ({
  items: <Item>(table: string) => (items[table] ?? []) as readonly Item[],
  item: () => undefined,
});

/** A gateway that knows these charges, and answers no request. */
const gatewayOf = (
  charges: NonNullable<RunParts['charges']>,
  { adapter, actionUrls }: Required<Pick<RunParts, 'adapter' | 'actionUrls'>>,
): SimulatedGateway => {
  const accountOf = (reference: string) => ({ ...notCharged, ...charges[reference] });

  return {
    adapter,
    paymentMethods: ['sim_approve'],
    secrets: ['sk_secret'],
    methodOf: (token: string) => token,
    pages: { actionUrls: () => actionUrls },
    truthOf: accountOf,
    stateOf: (reference: string) => ({
      requests: 1,
      captured: [accountOf(reference).captured],
      refundRequests: 0,
      refunded: accountOf(reference).refunds,
    }),
    references: () => Object.keys(charges),
  } as unknown as SimulatedGateway;
};

const tokensOf = ({ Payments = [] }: RunParts['items']): RunRecord['paymentMethods'] =>
  new Map(
    (Payments as readonly Payment[]).flatMap(({ paymentId, paymentMethod }) =>
      paymentMethod === undefined ? [] : [[paymentId, new Set([paymentMethod])]],
    ),
  );

const faultsOf = (taken: readonly string[]): Faults => {
  const random = new Random('test');
  const faults = new Faults({ mix: only({}), random, time: new VirtualTime(0, random) });
  for (const fault of taken) faults.record(fault);

  return faults;
};

/** The record of a run that started at noon and was calm for the last two hours. */
export const aRun = ({
  items,
  charges = {},
  adapter = 'simulator',
  actionUrls = [],
  lostWebhooks = [],
  taken = [],
  ...rest
}: RunParts): RunRecord => ({
  stage: 'local',
  tables: tablesOf(items),
  gateway: gatewayOf(charges, { adapter, actionUrls }),
  published: [],
  lostEvents: [],
  externalWrites: [],
  lostWebhooks: new Set(lostWebhooks),
  paymentMethods: tokensOf(items),
  deliveries: [],
  answers: [],
  deadLettered: [],
  deadLetters: [],
  messagesByEvent: new Map(),
  logLines: [],
  faults: faultsOf(taken),
  invocations: 1,
  startedAt: noon.getTime(),
  calmAt: noon.getTime() + 600_000,
  settledAt: noon.getTime() + 900_000,
  now: noon.getTime() + 7_800_000,
  ...rest,
});

/** What a check says about the end of a run. */
export const problemsAtEnd = async (check: Check, parts: RunParts): Promise<string> =>
  ((await check.atEnd?.(aRun(parts))) ?? []).join('\n');

/** A write as the database reports it. */
export const writeOf = (
  table: string,
  before: object | undefined,
  after: object | undefined,
  by = 'test',
): ItemWrite => ({
  table,
  before: before as ItemWrite['before'],
  after: after as ItemWrite['after'],
  sequence: 1,
  at: 0,
  by,
});

/** What a check says about one write. */
export const problemsOfWrite = (
  check: Check,
  write: ItemWrite,
  parts: RunParts = { items: {} },
): string => (check.onWrite?.(write, aRun(parts)) ?? []).join('\n');

export const anAnswer = (
  request: ApiAnswer['request'],
  status: number,
  body: ApiAnswer['body'],
  given: Partial<ApiAnswer> = {},
): ApiAnswer => ({
  sentAt: noon.getTime(),
  at: noon.getTime(),
  request,
  status,
  body,
  headers: {},
  ...given,
});

/** A published event, as the relay sends it. */
export const anEvent = (
  name: string,
  detail: Readonly<Record<string, unknown>>,
  source = 'aftercommit.payments',
): PublishedEvent => ({
  at: noon.getTime(),
  by: 'relay-changes',
  event: {
    version: '0',
    id: 'e-1',
    'detail-type': name,
    source,
    account: '000000000000',
    time: noon.toISOString(),
    region: 'us-east-1',
    resources: [],
    detail,
  },
});
