import type { GatewayCall } from './gateway-call.ts';

/**
 * The bounds of everything that grows on an item. DynamoDB rejects items above 400 KB; these bounds keep
 * every item below 100 KB. Longer values are truncated, never rejected.
 */
export const bounds = {
  /** UTF-8 bytes of a text from a gateway, an operator or this service. */
  detailBytes: 500,
  reasonBytes: 500,
  evidenceBytes: 2_000,
  codeBytes: 100,
  /** UTF-8 bytes of the address of a gateway's page for the buyer. */
  actionUrlBytes: 4_000,
  /** Gateway calls of one history entry or one piece of evidence. */
  gatewayCalls: 10,
  /** Entries of a history, and their UTF-8 bytes as JSON. */
  historyEntries: 100,
  historyBytes: 24_000,
  /** Pieces of evidence of one payment. */
  evidence: 20,
} as const;

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export const byteLength = (text: string): number => encoder.encode(text).length;

/** Returns the text, or its beginning and end if it has more than `maxBytes`. */
export const truncateText = (text: string, maxBytes: number): string => {
  const bytes = encoder.encode(withoutMiddle(text, maxBytes));
  if (bytes.length <= maxBytes) return text;
  const half = Math.floor((maxBytes - byteLength(ellipsis)) / 2);
  let tail = bytes.length - half;
  // Never splits a multi-byte character.
  while (((bytes[tail] ?? 0) & 0xc0) === 0x80) tail += 1;
  const decoder = new TextDecoder();
  const head = decoder.decode(bytes.subarray(0, half), { stream: true });

  return `${head}${ellipsis}${new TextDecoder().decode(bytes.subarray(tail))}`;
};

const ellipsis = ' ... ';

/** Leaves out what a truncation drops, so that a very long text is not encoded. A character has a byte or more. */
const withoutMiddle = (text: string, maxBytes: number): string =>
  text.length <= 2 * maxBytes ? text : text.slice(0, maxBytes) + text.slice(-maxBytes);

interface TruncatableEntry {
  readonly detail?: string;
  readonly gatewayCalls?: readonly GatewayCall[];
}

/** Truncates a history entry or a piece of evidence to its bounds. */
export const truncateEntry = <E extends TruncatableEntry>(entry: E): E => ({
  ...entry,
  ...(entry.detail !== undefined && { detail: truncateText(entry.detail, bounds.detailBytes) }),
  ...(entry.gatewayCalls && { gatewayCalls: entry.gatewayCalls.slice(-bounds.gatewayCalls) }),
});

interface WithFailure {
  readonly failure?: { readonly code: string; readonly reason: string; readonly evidence?: string };
}

/** Truncates the failure of an item to its bounds. */
export const truncateFailure = <T extends WithFailure>(item: T): T => {
  const { failure } = item;
  if (failure === undefined) return item;
  const { code, reason, evidence } = failure;

  return {
    ...item,
    failure: {
      ...failure,
      code: truncateText(code, bounds.codeBytes),
      reason: truncateText(reason, bounds.reasonBytes),
      ...(evidence !== undefined && { evidence: truncateText(evidence, bounds.evidenceBytes) }),
    },
  };
};

interface Entry {
  readonly from?: string;
  readonly to: string;
}

/**
 * Compacts a history to its bounds. Drops the oldest detours: first transitions from a status to itself, then
 * pairs that lead to another status and back. The rest still leads from the first status to the last one; the
 * gaps between versions show what is missing.
 */
export const compactHistory = <E extends Entry>(history: readonly E[]): readonly E[] => {
  if (fitsHistoryBounds(history)) return history;
  const [at, length] = findDetour(history) ?? [];

  return at === undefined ? history : compactHistory(history.toSpliced(at, length));
};

const historyByteLength = (history: readonly Entry[]): number =>
  byteLength(JSON.stringify(history));

const fitsHistoryBounds = (history: readonly Entry[]): boolean =>
  history.length <= bounds.historyEntries && historyByteLength(history) <= bounds.historyBytes;

/** Upper bound of one entry. */
const maxEntryBytes = 2_000;

/** Whether a history is so long that entries may have been dropped. */
export const mayHaveGaps = (history: readonly Entry[]): boolean =>
  history.length >= bounds.historyEntries - 1 ||
  historyByteLength(history) >= bounds.historyBytes - maxEntryBytes;

/** The index and length of the oldest detour. The first and the last entry always stay. */
const findDetour = (history: readonly Entry[]): [at: number, length: number] | undefined => {
  for (const length of [1, 2]) {
    const at = history.findIndex(
      ({ from }, index) =>
        index > 0 && index + length < history.length && from === history[index + length - 1]?.to,
    );
    if (at > 0) return [at, length];
  }

  return undefined;
};
