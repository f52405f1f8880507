import { Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { AggregateTable } from './constructs/aggregate-table.ts';
import { LockedVault } from './constructs/locked-vault.ts';
import { dailyRetention } from './constructs/table-backups.ts';
import type { StageProfile } from './stages.ts';

export type Tables = DataStack['tables'];

/** The stateful resources: one table for each aggregate, the vault of their backups, and the event bus. */
export class DataStack extends Stack {
  readonly bus = new EventBus(this, 'Bus');
  readonly tables;
  readonly backups: LockedVault | undefined;

  constructor(scope: Construct, id: string, profile: StageProfile, props: StackProps) {
    super(scope, id, props);

    const table = (
      name: string,
      props: Omit<ConstructorParameters<typeof AggregateTable>[2], 'profile'>,
    ) => new AggregateTable(this, name, { profile, ...props });

    // Only items of the canary have the attribute. It stays if the canary is turned off, and deletes what is left.
    const canaryExpiry = { expiresBy: profile.canaryPayments ? 'expiration' : undefined };
    this.tables = {
      // No attribute that changes, so that a change of an item writes to no index: the readers read the items.
      orders: table('Orders', { key: ['orderId'], stream: true, ...canaryExpiry })
        .withIndex('byUser', { partition: 'userId', sort: 'createdAt', attributes: [] })
        .withIndex('byDue', { partition: 'dueShard', sort: 'dueAt', attributes: [] }),
      payments: table('Payments', {
        key: ['paymentId'],
        stream: true,
        insights: true,
        ...canaryExpiry,
      })
        .withIndex('byUser', { partition: 'userId', sort: 'createdAt', attributes: ['orderId'] })
        .withIndex('byDue', { partition: 'dueShard', sort: 'dueAt', attributes: [] }),
      refunds: table('Refunds', { key: ['refundId'], stream: true })
        .withIndex('byPayment', { partition: 'paymentId', sort: 'createdAt' })
        .withIndex('byDue', { partition: 'dueShard', sort: 'dueAt', attributes: [] }),
      reviews: table('Reviews', { key: ['reviewId'] })
        .withIndex('byAge', { partition: 'status', sort: 'openedAt' })
        .withIndex('byAmount', {
          partition: 'status',
          sort: 'amountAtRisk',
          sortType: AttributeType.NUMBER,
        }),
      balances: table('Balances', { key: ['userId'], insights: true }),
      products: table('Products', { key: ['sku'], insights: true }),
      coupons: table('Coupons', { key: ['userId', 'couponId'] }),
      compensations: table('Compensations', { key: ['paymentId', 'target'], ...canaryExpiry }),
      idempotency: table('Idempotency', {
        key: ['id'],
        expiresBy: 'expiration',
        isKeyedByFunction: true,
      }),
      loyaltyPoints: table('LoyaltyPoints', { key: ['userId', 'entry'], stream: true }),
      rankings: table('Rankings', { key: ['day', 'entry'], expiresBy: 'expiration' }),
      deliveries: table('Deliveries', { key: ['eventId', 'consumer'], expiresBy: 'expiration' }),
      audits: table('Audits', { key: ['day', 'entry'] }),
    };
    this.backups = profile.backups
      ? new LockedVault(this, 'Backups', { minRetention: dailyRetention, profile })
      : undefined;
    for (const one of Object.values(this.tables)) this.exportTable(one);
  }

  /**
   * Exports the table also while the service uses a restored one. Otherwise the first deployment with `restoredTables`
   * would have to delete exports that the deployed service still imports, which CloudFormation refuses.
   */
  private exportTable({ tableName, tableArn, tableStreamArn }: AggregateTable): void {
    for (const value of [tableName, tableArn, tableStreamArn])
      if (value !== undefined) this.exportValue(value);
  }
}
