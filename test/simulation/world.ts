import type { Platform } from '../../dev/simulation/compositions.ts';
import type { ApiRequest } from '../support/builders/api-gateway-event.ts';
import type { Deployment } from '../support/cdk/deployment/deployed-resources.ts';
import { Cloud } from './aws/cloud.ts';
import type { ItemWrite } from './aws/dynamodb/memory-dynamodb.ts';
import type { ComposedHandler } from './aws/lambda.ts';
import type { GatewayAdapters } from './gateways/adapters.ts';
import type { GatewayWorldOptions, SimulatedGateway } from './gateways/gateway.ts';
import type { Shop } from './people/shop.ts';
import type { ApiAnswer, ExternalWrite, RunRecord, Stage } from './run-record.ts';
import { signingSecret } from './secrets.ts';
import type { FaultMix } from './virtual/fault-mix.ts';
import { Faults } from './virtual/faults.ts';
import { createGatewayNetwork } from './virtual/gateway-network.ts';
import type { Random } from './virtual/random.ts';
import { Story, type StoryLine } from './virtual/story.ts';
import { VirtualTime } from './virtual/time.ts';
import { WebhookDelivery } from './webhook-delivery.ts';

const startsAt = Date.parse('2026-03-14T12:00:00.000Z');

/** Real gateways remember a key for at least a day. */
const keyLifetimeMs = 86_400_000;

export type Compose = (folder: string, platform: Platform) => ComposedHandler;

interface WorldOptions {
  readonly stage: Stage;
  readonly deployment: Deployment;
  readonly createGateway: (options: GatewayWorldOptions) => SimulatedGateway;
  readonly compose: Compose;
  readonly adaptersOf: ((name: string) => GatewayAdapters) | undefined;
  readonly mix: FaultMix;
  readonly keptFaults: ReadonlySet<string> | undefined;
  readonly random: Random;
  readonly onStoryLine: ((line: StoryLine) => void) | undefined;
}

/** One run's world: AWS, the gateway, and everything that happens. */
export class World {
  readonly time: VirtualTime;
  readonly faults: Faults;
  readonly story: Story;
  readonly cloud: Cloud;
  readonly gateway: SimulatedGateway;
  readonly webhooks: WebhookDelivery;
  /** What people have. */
  readonly shop: Shop;
  /** Errors of people's work, such as an answer that a person did not expect. */
  readonly errors: string[] = [];
  readonly logLines: string[] = [];
  readonly #stage: Stage;
  readonly #answers: ApiAnswer[] = [];
  readonly #externalWrites: ExternalWrite[] = [];
  readonly #paymentMethods = new Map<string, Set<string>>();
  readonly #observers: ((write: ItemWrite) => void)[] = [];
  readonly #busyPeople = new Set<string>();
  #calmAt = 0;
  #settledAt: number | undefined;

  constructor(options: WorldOptions) {
    const { stage, deployment, createGateway, compose, adaptersOf, mix } = options;
    const { keptFaults, onStoryLine } = options;
    const random = options.random;
    this.#stage = stage;
    this.time = new VirtualTime(startsAt, random.fork('ties'));
    const { time } = this;
    this.story = new Story(time, onStoryLine);
    this.faults = new Faults({
      mix,
      random: random.fork('faults'),
      time,
      ...(keptFaults && { kept: keptFaults }),
      onFault: (name) => this.story.record('fault', () => name),
    });
    const { faults, story } = this;
    const delays = random.fork('delays');
    this.gateway = createGateway({
      now: () => time.now,
      random: random.fork('gateway'),
      delays: {
        slowMs: delays.between(100, 7_000),
        inProgressMs: delays.between(1_000, 40_000),
        lateMs: delays.between(1_000, 60_000),
        searchLagMs: delays.between(0, 20_000),
      },
      onWebhook: (webhook) => this.webhooks.schedule(webhook),
      keyLifetimeMs,
    });
    const exchangeOf = createGatewayNetwork({
      serve: this.gateway.serve,
      random: random.fork('gateway network'),
      time,
      faults,
      story,
    });
    this.cloud = new Cloud({
      deployment,
      outsideOf: (process) =>
        this.gateway.platform(
          {
            exchange: (request, timers) => exchangeOf(process, request, timers),
            timers: process.runtime,
          },
          adaptersOf?.(process.name),
        ),
      compose,
      secret: () => signingSecret,
      onWrite: (write) => {
        this.#notePaymentMethod(write);
        for (const observe of this.#observers) observe(write);
      },
      isTickNeeded: () => this.#isSomethingDue(),
      random,
      time,
      faults,
      story,
    });
    this.webhooks = new WebhookDelivery({
      send: this.cloud.send,
      random: random.fork('webhooks'),
      time,
      faults,
      story,
    });
    this.shop = this.#createShop(random.fork('people'));
  }

  /** What the checks see. */
  get record(): RunRecord {
    return this.shop.run;
  }

  /** What is still under way: empty if all people are done and nothing waits. */
  get busyParts(): readonly string[] {
    return [
      ...this.#busyPeople,
      ...this.cloud.busyParts,
      ...(this.webhooks.isIdle ? [] : ['webhooks']),
    ];
  }

  /** Calls for each write, until the end of the run. */
  observe(onWrite: (write: ItemWrite) => void): void {
    this.#observers.push(onWrite);
  }

  /** Ends all faults. */
  calmDown(): void {
    this.#calmAt = this.time.now;
    this.faults.calmDown();
    this.cloud.lambda.calmDown();
    this.story.record('simulation', () => 'no more faults from now on');
  }

  markSettled(): void {
    this.#settledAt = this.time.now;
  }

  #notePaymentMethod({ table, after }: ItemWrite): void {
    if (table !== 'Payments' || after?.paymentMethod === undefined) return;
    const paymentId = String(after.paymentId);
    const known = this.#paymentMethods.get(paymentId) ?? new Set();
    this.#paymentMethods.set(paymentId, known.add(String(after.paymentMethod)));
  }

  /** A tick that would find nothing is skipped, so that days pass quickly. */
  #isSomethingDue(): boolean {
    const now = new Date(this.time.now + 60_000).toISOString();
    const isDue = ({ dueAt }: { readonly dueAt?: string }) => dueAt !== undefined && dueAt <= now;

    return ['Orders', 'Payments', 'Refunds'].some((table) =>
      this.cloud.dynamoDb.items<{ dueAt?: string }>(table).some(isDue),
    );
  }

  #createRecord(): RunRecord {
    const { cloud, gateway, faults, webhooks, time } = this;
    const world = this;

    return {
      stage: this.#stage,
      tables: {
        items: (table) => cloud.dynamoDb.items(table),
        item: (table, key) => cloud.dynamoDb.item(table, key),
      },
      gateway,
      paymentMethods: this.#paymentMethods,
      faults,
      startedAt: startsAt,
      published: cloud.bus.published,
      lostEvents: cloud.bus.lost,
      lostWebhooks: webhooks.lost,
      externalWrites: this.#externalWrites,
      answers: this.#answers,
      deadLettered: cloud.sqs.deadLettered,
      messagesByEvent: cloud.sqs.messagesByEvent,
      logLines: this.logLines,
      get deliveries() {
        return cloud.receivers.deliveries;
      },
      get deadLetters() {
        return cloud.sqs.deadLetters;
      },
      get invocations() {
        return cloud.lambda.invocations;
      },
      get calmAt() {
        return world.#calmAt;
      },
      get settledAt() {
        return world.#settledAt;
      },
      get now() {
        return time.now;
      },
    };
  }

  #createShop(random: Random): Shop {
    const { time, faults, story, cloud } = this;

    return {
      time,
      random,
      run: this.#createRecord(),
      send: async (request: ApiRequest) => {
        const answer = await cloud.send(request);
        if (answer !== undefined) this.#answers.push(answer);

        return answer;
      },
      start: (name, work) => {
        this.#busyPeople.add(name);
        work()
          .catch((error: Error) => this.errors.push(`${name}: ${error.stack}`))
          .finally(() => {
            this.#busyPeople.delete(name);
          });
      },
      seed: (table, item) => {
        this.#externalWrites.push({
          table,
          before: cloud.dynamoDb.item(table, item),
          after: item as Readonly<Record<string, unknown>>,
        });
        cloud.dynamoDb.put(table, item);
      },
      remove: (table, key) => {
        const before = cloud.dynamoDb.item(table, key);
        this.#externalWrites.push({ table, before, after: undefined });
        cloud.dynamoDb.remove(table, key);
      },
      onWrite: (look) =>
        this.observe((write) => {
          if (!faults.isCalm) look(write);
        }),
      isCalm: () => faults.isCalm,
      webhookOf: (reference) => this.webhooks.requestOf(reference),
      sendWebhookAgain: (reference) => this.webhooks.sendAgain(reference),
      redriveInConsole: (queue, body) => cloud.sqs.redriveInConsole(queue, body),
      record: (actor, text) => story.record(actor, text),
    };
  }
}
