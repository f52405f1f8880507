/** A webhook as it came: names of headers in lower case, the body byte for byte. */
export interface RawWebhook {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** All that a webhook can tell us: that the PG may have news of a charge. What news, only the PG's answer to an inquiry says. */
export interface WebhookReference {
  /** The webhook's own, the same however often it is sent. */
  readonly id: string;
  /** Our reference of the charge. Absent where it is about nothing of ours, or nothing that we know. */
  readonly reference?: string;
  /** The gateway's own id of the charge, where the webhook names that and not our reference. */
  readonly transactionId?: string;
}

/** What is wrong with a webhook that may not be the PG's. */
export interface InvalidWebhook {
  readonly refused: 'headers' | 'timestamp' | 'signature';
}

/** Reads a webhook that one of the secrets signed within 300 s of now, before or after. */
export type ReadWebhook = (
  raw: RawWebhook,
  secrets: readonly string[],
  now: Date,
) => Promise<WebhookReference | InvalidWebhook>;

/** How far the time of a webhook may be from now, before or after. */
export const toleranceSeconds = 300;

/** Whether a time is near enough to now that nobody can have kept the webhook for long. */
export const isWithinTolerance = (epochSeconds: number, now: Date): boolean =>
  Math.abs(Math.floor(now.getTime() / 1_000) - epochSeconds) <= toleranceSeconds;
