import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

interface Reason {
  readonly code: string;
  /** The stored item that DynamoDB returns with the reason. */
  readonly item?: object | undefined;
}

/** The error of a cancelled transaction, with one reason per write. */
export const cancelledTransaction = (...reasons: readonly (string | Reason)[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: reasons.map((reason) => {
      const { code, item }: Reason = typeof reason === 'string' ? { code: reason } : reason;

      return {
        Code: code,
        ...(item && { Item: marshall(item, { removeUndefinedValues: true }) }),
      };
    }),
  });
