import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import { ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import { createAuditLog } from '../../../shared/persistence/audit-log.ts';
import { noon } from '../../support/builders/builders.ts';

const db = mockClient(DynamoDBDocumentClient);
const auditLog = createAuditLog(createDatabase(db as unknown as DynamoDBDocumentClient), 'Audits');
const audit = {
  at: noon.toISOString(),
  actor: 'alice',
  scope: 'aftercommit/redrive',
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

const conditionFailed = (stored: object, attempts: number) =>
  new ConditionalCheckFailedException({
    message: 'condition failed',
    $metadata: { attempts },
    Item: marshall(stored),
  });

beforeEach(() => db.reset());

describe('audit log', () => {
  it('inserts an entry by day and subject and never overwrites another', async () => {
    db.on(PutCommand).resolves({});

    await auditLog.append(audit);

    expect(db.commandCalls(PutCommand)[0]?.args[0].input).toMatchObject({
      Item: { ...audit, day: entry.day, entry: entry.entry },
      ConditionExpression: 'attribute_not_exists(#day)',
    });
  });

  it('accepts its own entry after the SDK has sent it twice', async () => {
    db.on(PutCommand).rejects(conditionFailed(entry, 2));

    await expect(auditLog.append(audit)).resolves.toBeUndefined();
  });

  it('throws ServiceUnavailableError if another entry has the key', async () => {
    db.on(PutCommand).rejects(conditionFailed({ ...entry, actor: 'bob' }, 2));

    const appending = auditLog.append(audit);

    await expect(appending).rejects.toBeInstanceOf(ServiceUnavailableError);
    await expect(appending).rejects.toThrow('2026-03-14T12:00:00.000Z#m-1');
  });
});
