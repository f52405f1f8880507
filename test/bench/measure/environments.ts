import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import type { ExternalSystemsSettings } from '../host/external-systems-program.ts';

/** The messages of a payment that each function waits for, and the external system that it waits for. */
const waits: Readonly<
  Record<string, { readonly messages: number; readonly for: keyof ExternalSystemsSettings }>
> = {
  'charge-payment': { messages: 1, for: 'pgMs' },
  'send-to-data-platform': { messages: 1, for: 'dataPlatformMs' },
  // The payment, and later its points.
  'notify-buyer': { messages: 2, for: 'notificationMs' },
};

/** More than the average, because not every batch is full. */
const margin = 1.1;

/**
 * The environments by function that follow a rate of payments, in full batches, while each waits for its
 * external system. Functions that wait for none are not listed.
 */
export const environmentsAt = (
  perSecond: number,
  { consumers }: Pick<Deployment, 'consumers'>,
  outside: ExternalSystemsSettings,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    consumers.flatMap(({ folder, batchSize }) => {
      const wait = waits[folder];
      if (wait === undefined) return [];
      const concurrent = (perSecond * wait.messages * outside[wait.for]) / 1_000;

      return [[folder, Math.ceil((margin * concurrent) / batchSize)]];
    }),
  );

/**
 * The environments of a function that computes and hardly waits: one for each processor, and one more for the
 * moments in which it waits for the database. More of them would each compile the code again, for the same work.
 */
export const environmentsFor = (processors: number): number => processors + 1;
