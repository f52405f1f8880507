/** A webhook as received: header names in lower case, the body byte for byte. */
export interface RawWebhook {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** A hint that the state of a charge may have changed. Only an inquiry shows the state itself. */
export interface WebhookReference {
  /** The webhook's id, the same for each delivery of it. */
  readonly id: string;
  /** Our reference of the charge. Absent if the webhook names no charge of ours, or is of an unknown type. */
  readonly reference?: string;
  /** The gateway's id of the charge, if the webhook names that and not our reference. */
  readonly transactionId?: string;
}

/** Why a webhook cannot be trusted. */
export interface InvalidWebhook {
  readonly refused: 'headers' | 'timestamp' | 'signature';
}

/** Verifies that one of the secrets signed the webhook within the tolerance, and reads it. */
export type ReadWebhook = (
  raw: RawWebhook,
  secrets: readonly string[],
  now: Date,
) => Promise<WebhookReference | InvalidWebhook>;

/** How far the timestamp of a webhook may be from now, before or after. */
export const toleranceSeconds = 300;

/** Protects against replay: whether the timestamp is close to now. */
export const isWithinTolerance = (epochSeconds: number, now: Date): boolean =>
  Math.abs(Math.floor(now.getTime() / 1_000) - epochSeconds) <= toleranceSeconds;
