import type { Intent, StripeDispute } from '../../../../shared/gateway/stripe/protocol.ts';
import type { PlainRequest, PlainResponse } from '../../../../shared/simulators/plain-http.ts';
import { chargeIdOf, intentAt, type StoredIntent } from './intent-states.ts';
import { listPage, type StripeParts } from './responses.ts';

interface StoredDispute {
  readonly dispute: StripeDispute & { readonly payment_intent: string; readonly charge: string };
  readonly reference: string;
  readonly at: number;
}

interface DisputeRequest {
  /** The whole charge unless given. */
  readonly amount?: number;
  /** `warning_...` is an inquiry of the bank: it withdraws nothing. */
  readonly status?: 'needs_response' | 'warning_needs_response';
}

/** Disputes of buyers with their banks. What a bank does is the test's to decide. */
export const createDisputeStore = (
  { clock, randomId, emit }: Pick<StripeParts, 'clock' | 'randomId' | 'emit'>,
  intentOf: (id: string) => StoredIntent | undefined,
) => {
  const stored: StoredDispute[] = [];
  const now = () => clock.now().getTime();
  const of = (intent: string | undefined) =>
    stored.filter(({ dispute }) => dispute.payment_intent === intent);

  const emitAbout = ({ dispute, reference }: StoredDispute, type: string, at: number) =>
    emit({
      id: `evt_${randomId()}`,
      type: `charge.dispute.${type}`,
      reference,
      at,
      object: dispute,
    });

  const create = (
    intent: Intent,
    at: number,
    { amount = intent.amount_received, status = 'needs_response' }: DisputeRequest,
  ): string => {
    const withdraws = status === 'needs_response';
    const made: StoredDispute = {
      dispute: {
        object: 'dispute',
        id: `du_${randomId()}`,
        amount,
        currency: intent.currency,
        status,
        payment_intent: intent.id,
        charge: chargeIdOf(intent),
        balance_transactions: withdraws ? [{ amount: -amount }] : [],
      },
      reference: intent.metadata.reference ?? '',
      at,
    };
    stored.push(made);
    emitAbout(made, 'created', at);
    if (withdraws) emitAbout(made, 'funds_withdrawn', at);

    return made.dispute.id;
  };

  /** The buyer disputes a captured charge with the bank. Returns the id of the dispute. */
  const open = (intentId: string, request: DisputeRequest = {}): string => {
    const found = intentOf(intentId);
    const intent = found && intentAt(found, now());
    if (intent?.status !== 'succeeded') throw new Error(`${intentId} is not captured.`);

    return create(intent, now(), request);
  };

  const change = (id: string, status: string, reinstated?: number): StoredDispute => {
    const index = stored.findIndex(({ dispute }) => dispute.id === id);
    const found = stored[index];
    if (!found) throw new Error(`No dispute ${id}.`);
    const { balance_transactions: moved } = found.dispute;
    const changed: StoredDispute = {
      ...found,
      dispute: {
        ...found.dispute,
        status,
        balance_transactions: reinstated ? [...moved, { amount: reinstated }] : moved,
      },
    };
    stored[index] = changed;

    return changed;
  };

  /** The merchant answers the bank. */
  const submitEvidence = (id: string): void =>
    emitAbout(change(id, 'under_review'), 'updated', now());

  /** The bank decides. A won dispute gives the withdrawn money back. */
  const close = (id: string, status: 'won' | 'lost' | 'warning_closed' | 'prevented'): void => {
    const dispute = stored.find((each) => each.dispute.id === id)?.dispute;
    const withdrawn = dispute?.balance_transactions.length ? dispute.amount : 0;
    const reinstated = status === 'won' ? withdrawn : 0;
    const closed = change(id, status, reinstated);
    emitAbout(closed, 'closed', now());
    if (reinstated > 0) emitAbout(closed, 'funds_reinstated', now());
  };

  return {
    create,
    open,
    submitEvidence,
    close,
    list: (query: PlainRequest['query']): PlainResponse =>
      listPage(
        '/v1/disputes',
        of(query.payment_intent)
          .filter(({ at }) => at <= now())
          .map(({ dispute }) => dispute)
          .toReversed(),
        query,
      ),
    isDisputedAt: (intent: string, at: number): boolean => of(intent).some((each) => each.at <= at),
    /** Stripe refuses refunds of a charge whose money the bank has taken back. */
    preventsRefunds: (intent: string): boolean =>
      of(intent).some(({ dispute }) =>
        ['needs_response', 'under_review', 'lost'].includes(dispute.status),
      ),
  };
};
