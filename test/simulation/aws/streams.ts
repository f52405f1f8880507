import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { matchesPattern } from '../../support/cdk/deployment/event-pattern.ts';
import type { DeployedStream } from '../../support/cdk/deployment/event-sources.ts';
import type { WorldParts } from '../virtual/world-parts.ts';
import type { ItemWrite } from './dynamodb/memory-dynamodb.ts';
import type { Item } from './dynamodb/values.ts';
import type { InvocationResult } from './lambda.ts';
import {
  type Batch,
  describeGivenUp,
  type StreamRecord,
  split,
  unprocessed,
} from './stream-batches.ts';
import { retentionMs, StreamLog } from './stream-log.ts';

/** Records whose items have one hash: they are processed in their order. */
interface Lane {
  readonly shard: string;
  readonly settings: DeployedStream;
  records: StreamRecord[];
  /** Parts of a batch that failed, in order, before the records. */
  retries: Batch[];
  isBusy: boolean;
}

interface Dependencies extends WorldParts {
  readonly streams: readonly DeployedStream[];
  readonly tables: readonly CreateTableCommandInput[];
  readonly invoke: (
    folder: string,
    event: { readonly Records: readonly DynamoDBRecord[] },
    about: () => string,
  ) => Promise<InvocationResult>;
  readonly sendToQueue: (queue: string, body: string) => void;
}

const shardsPerTable = 2;

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

const images = new WeakMap<Item, Image>();

/** An item in DynamoDB JSON. Items are frozen, so the image after one write is that before the next. */
const imageOf = (item: Item): Image => {
  const image = images.get(item) ?? (marshall(item) as Image);
  images.set(item, image);

  return image;
};

/** The streams of tables, read by Lambda's event source mappings: in order for each item, with retries and bisection. */
export class Streams {
  /** What GetRecords returns. */
  readonly log: StreamLog;
  readonly #deps: Dependencies;
  readonly #keys: ReadonlyMap<string, readonly string[]>;
  readonly #lanes = new Map<string, readonly Lane[]>();

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.log = new StreamLog(() => deps.time.now);
    this.#keys = new Map(
      deps.tables.map(({ TableName = '', KeySchema = [] }) => [
        TableName,
        KeySchema.map(({ AttributeName = '' }) => AttributeName),
      ]),
    );
    for (const settings of deps.streams)
      this.#lanes.set(
        settings.table,
        Array.from({ length: shardsPerTable * settings.parallelizationFactor }, (_, index) => ({
          shard: `shardId-${index % shardsPerTable}`,
          settings,
          records: [],
          retries: [],
          isBusy: false,
        })),
      );
  }

  get isIdle(): boolean {
    return [...this.#lanes.values()]
      .flat()
      .every(({ records, retries, isBusy }) => !isBusy && records.length + retries.length === 0);
  }

  /** Takes the record of one write. */
  add({ table, before, after, sequence, at }: ItemWrite): void {
    const lanes = this.#lanes.get(table);
    if (lanes === undefined) return;
    const item = after ?? before ?? {};
    const keys = Object.fromEntries(
      (this.#keys.get(table) ?? []).map((name) => [name, item[name]]),
    );
    const record: DynamoDBRecord = {
      eventID: `${table}-${sequence}`,
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-01-01T00:00:00.000`,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(at / 1_000),
        Keys: marshall(keys) as Image,
        SequenceNumber: String(sequence).padStart(21, '0'),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        ...(before && { OldImage: imageOf(before) }),
        ...(after && { NewImage: imageOf(after) }),
      },
    };
    const lane = lanes[hashOf(JSON.stringify(keys)) % lanes.length] as Lane;
    this.log.add(lane.shard, record, at);
    const { filters } = lane.settings;
    if (filters.length > 0 && !filters.some((pattern) => matchesPattern(pattern, record))) return;
    lane.records.push({ record, writtenAt: at });
    this.#pump(lane);
  }

  #pump(lane: Lane): void {
    const { time, random, faults } = this.#deps;
    if (lane.isBusy || lane.records.length + lane.retries.length === 0) return;
    lane.isBusy = true;
    const isLate = faults.occurs('delay', `stream ${lane.settings.table}`);
    const delayMs = isLate ? faults.duration(Math.min(faults.mix.delayMs, 30_000)) : 0;
    time.after(random.between(5, 60) + delayMs, () => void this.#processNext(lane));
  }

  async #processNext(lane: Lane): Promise<void> {
    const { random, faults, invoke } = this.#deps;
    const { settings } = lane;
    const batch = lane.retries.shift() ?? {
      records: lane.records.splice(0, random.between(1, settings.batchSize)),
      attempts: 0,
    };
    const live = this.#withoutExpired(lane, batch);
    if (live.length === 0) {
      this.#next(lane, 0);
      return;
    }
    const result = await invoke(
      settings.folder,
      { Records: live.map(({ record }) => record) },
      () => live.map(({ record }) => record.eventID).join(', '),
    );
    const attempts = batch.attempts + 1;
    const rest = unprocessed(result, live, settings);
    if (rest.length === 0) {
      // At least once: a checkpoint may get lost.
      const isRepeated = faults.occurs('duplicate', `stream ${settings.table}`, 0.3);
      if (isRepeated) lane.retries.unshift({ records: live, attempts: 0 });
      this.#next(lane, 0);
      return;
    }
    if (attempts > (settings.maximumRetryAttempts ?? Number.POSITIVE_INFINITY))
      this.#giveUp(lane, { records: rest, attempts }, 'RetryAttemptsExhausted');
    else {
      faults.record(`stream retry ${settings.table}`);
      lane.retries.unshift(...split(rest, attempts, settings));
    }
    this.#next(lane, random.between(100, 1_500));
  }

  #next(lane: Lane, delayMs: number): void {
    this.#deps.time.after(delayMs, () => {
      lane.isBusy = false;
      this.#pump(lane);
    });
  }

  /** Gives up the records that are too old, and returns the others. */
  #withoutExpired(lane: Lane, { records, attempts }: Batch): readonly StreamRecord[] {
    const oldest = this.#deps.time.now - (lane.settings.maximumRecordAgeMs ?? retentionMs);
    const expired = records.filter(({ writtenAt }) => writtenAt < oldest);
    if (expired.length > 0)
      this.#giveUp(lane, { records: expired, attempts }, 'MaximumRecordAgeExceeded');

    return records.filter(({ writtenAt }) => writtenAt >= oldest);
  }

  #giveUp(lane: Lane, { records, attempts }: Batch, condition: string): void {
    const { time, sendToQueue, story, random, faults } = this.#deps;
    const { settings, shard } = lane;
    const { folder, onFailureQueue } = settings;
    faults.record(`stream given up ${settings.table}`);
    for (const { record } of records)
      story.record('stream', () => `gives up ${record.eventID}: ${condition}`);
    if (onFailureQueue === undefined) return;
    const requestId = random.id();
    const batch = { records, attempts, condition, shard, folder, requestId, at: time.now };
    sendToQueue(onFailureQueue, JSON.stringify(describeGivenUp(batch)));
  }
}

/** FNV-1a: the same on every machine. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);

  return hash >>> 0;
};
