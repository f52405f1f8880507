import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  RejectionError,
  RequestInProgressError,
  ServiceUnavailableError,
} from '../../../shared/domain/errors.ts';
import { idempotent } from '../../../shared/lambda/idempotency.ts';
import { noon } from '../../support/builders/builders.ts';
import { createMemoryIdempotencyTable } from '../../support/fakes/memory-idempotency-table.ts';
import { aLambdaContext } from '../../support/harness/invoke-handler.ts';

interface Request {
  readonly key: string;
  readonly hash: string;
}

const request = { key: 'k-1', hash: 'a' };
let records: ReturnType<typeof createMemoryIdempotencyTable>;

beforeEach(() => {
  records = createMemoryIdempotencyTable();
});

const createIdempotent = (work: (request: Request) => Promise<unknown>, name = 'tests') => {
  const run = idempotent(
    {
      ...records.store,
      name,
      keyOf: ({ key }: Request) => key,
      fingerprintOf: ({ hash }) => hash,
    },
    work,
  );

  return (given: Request) => run(given, aLambdaContext());
};

const outOfStock = () =>
  new RejectionError({
    code: 'out-of-stock',
    detail: 'There is not enough stock.',
    errors: [{ sku: 'tea', detail: 'None left.' }],
    paymentId: 'pay_1',
  });

describe('idempotent work', () => {
  it('runs once and returns its result again', async () => {
    const work = vi.fn().mockResolvedValue({ paymentId: 'pay_1', lines: [1, 2] });
    const run = createIdempotent(work);

    const first = await run(request);
    const second = await run(request);

    expect(first).toEqual({ value: { paymentId: 'pay_1', lines: [1, 2] }, replayed: false });
    expect(second).toEqual({ value: { paymentId: 'pay_1', lines: [1, 2] }, replayed: true });
    expect(work).toHaveBeenCalledOnce();
  });

  it('runs for each key and each function', async () => {
    const work = vi.fn().mockResolvedValue(1);

    await createIdempotent(work)(request);
    await createIdempotent(work)({ ...request, key: 'k-2' });
    await createIdempotent(work, 'others')(request);

    expect(work).toHaveBeenCalledTimes(3);
  });

  it('is in progress for a second caller until it ends', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const run = createIdempotent(() => promise);
    const first = run(request);

    await expect(run(request)).rejects.toThrow(RequestInProgressError);
    resolve('done');

    expect(await first).toEqual({ value: 'done', replayed: false });
    expect(await run(request)).toEqual({ value: 'done', replayed: true });
  });

  it('rejects a key of another request, finished or not', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const work = vi.fn(() => promise);
    const run = createIdempotent(work);
    const first = run(request);
    const reused = { data: { code: 'idempotency-key-reused' } };

    await expect(run({ ...request, hash: 'b' })).rejects.toMatchObject(reused);
    resolve('done');
    await first;
    await expect(run({ ...request, hash: 'b' })).rejects.toMatchObject(reused);

    expect(work).toHaveBeenCalledOnce();
  });

  it('stores a rejection like a value', async () => {
    const work = vi.fn().mockRejectedValue(outOfStock());
    const run = createIdempotent(work);

    const { data } = outOfStock();
    await expect(run(request)).rejects.toMatchObject({ data, replayed: false });
    await expect(run(request)).rejects.toMatchObject({ data, replayed: true });

    expect(work).toHaveBeenCalledOnce();
  });

  it('reports that a rejection was stored before', async () => {
    const { data } = outOfStock();
    const run = createIdempotent(async () => {
      throw new RejectionError(data, { replayed: true });
    });

    await expect(run(request)).rejects.toMatchObject({ data, replayed: true });
  });

  it.each([new ServiceUnavailableError('Too many concurrent writes.'), new TypeError('a defect')])(
    'stores nothing after %o, so that a retry runs again',
    async (error) => {
      const work = vi.fn().mockRejectedValueOnce(error).mockResolvedValue('done');
      const run = createIdempotent(work);

      await expect(run(request)).rejects.toBe(error);
      expect(records.stored()).toEqual([]);

      expect(await run(request)).toEqual({ value: 'done', replayed: false });
    },
  );

  it('stores a value with undefined members', async () => {
    const run = createIdempotent(async () => ({ paymentId: 'pay_1', couponId: undefined }));

    await run(request);

    expect(await run(request)).toEqual({ value: { paymentId: 'pay_1' }, replayed: true });
  });

  it('stores a rejection with undefined members', async () => {
    const { data } = outOfStock();
    const run = createIdempotent(async () => {
      throw new RejectionError({ ...data, errors: undefined as never });
    });

    await expect(run(request)).rejects.toThrow(RejectionError);
    await expect(run(request)).rejects.toMatchObject({ replayed: true });
  });
});

describe('idempotent work without its table', () => {
  it('fails as unavailable before the work and does not run it', async () => {
    const work = vi.fn();
    records.break('put');

    await expect(createIdempotent(work)(request)).rejects.toThrow(ServiceUnavailableError);

    expect(work).not.toHaveBeenCalled();
  });

  it('fails as unavailable after the work; its own condition guards a retry', async () => {
    records.break('update');

    await expect(createIdempotent(async () => 'done')(request)).rejects.toThrow(
      ServiceUnavailableError,
    );
  });

  it('fails as unavailable if the record of a failed run stays', async () => {
    records.break('delete');
    const run = createIdempotent(async () => {
      throw new TypeError('a defect');
    });

    await expect(run(request)).rejects.toThrow(ServiceUnavailableError);
  });
});

describe('idempotency record', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: noon });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('has the function and a hash of the key, and expires after a day', async () => {
    await createIdempotent(async () => 'done')({ key: 'secret-key', hash: 'secret-hash' });

    const stored = records.stored();

    expect(stored).toEqual([
      expect.objectContaining({
        id: expect.stringMatching(/^tests#[\w+/]{43}=$/),
        status: 'COMPLETED',
        expiration: noon.getTime() / 1_000 + 86_400,
      }),
    ]);
    expect(JSON.stringify(stored)).not.toContain('secret');
  });

  it('blocks other callers at most for the function timeout', async () => {
    const run = createIdempotent(async () => records.stored());

    const { value: whileAtWork } = await run(request);

    expect(whileAtWork).toEqual([
      expect.objectContaining({
        status: 'INPROGRESS',
        in_progress_expiration: noon.getTime() + 10_000,
      }),
    ]);
  });
});
