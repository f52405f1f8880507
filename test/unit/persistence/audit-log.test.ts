import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import { createAuditLog } from '../../../shared/persistence/audit-log.ts';
import { noon } from '../../support/builders/builders.ts';

const db = mockClient(DynamoDBDocumentClient);
const audits = createAuditLog(db as unknown as DynamoDBDocumentClient, 'Audits');
const audit = {
  at: noon.toISOString(),
  actor: 'alice',
  reason: 'the bus was down',
  action: 'redrive',
  subject: 'm-1',
  detail: { consumer: 'relay-changes', paymentId: undefined, event: 'PaymentCompleted' },
};
const entry = {
  ...audit,
  detail: { consumer: 'relay-changes', event: 'PaymentCompleted' },
  day: '2026-03-14',
  entry: '2026-03-14T12:00:00.000Z#m-1',
};

const refused = (stored: object, attempts: number) =>
  new ConditionalCheckFailedException({
    message: 'refused',
    $metadata: { attempts },
    Item: marshall(stored),
  });

beforeEach(() => db.reset());

describe('an audit entry', () => {
  it('is kept by its day and subject, and never over another one', async () => {
    db.on(PutCommand).resolves({});

    await audits.append(audit);

    expect(db.commandCalls(PutCommand)[0]?.args[0].input).toMatchObject({
      Item: { ...audit, day: entry.day, entry: entry.entry },
      ConditionExpression: 'attribute_not_exists(#day)',
    });
  });

  it('is kept where the SDK sent it twice and met its own first request', async () => {
    db.on(PutCommand).rejects(refused(entry, 2));

    await expect(audits.append(audit)).resolves.toBeUndefined();
  });

  it('is refused where another one is there', async () => {
    db.on(PutCommand).rejects(refused({ ...entry, actor: 'bob' }, 2));

    const keeping = audits.append(audit);

    await expect(keeping).rejects.toBeInstanceOf(ServiceUnavailableError);
    await expect(keeping).rejects.toThrow('2026-03-14T12:00:00.000Z#m-1');
  });
});
