import type { GatewayCall } from './gateway-call.ts';

/**
 * DynamoDB takes no item above 400 KB, and an item that is full can never be written again. So whatever grows on an item has a bound, and
 * all bounds are here: together they keep every item below 100 KB. A bound is never a reason to refuse a write.
 */
export const bounds = {
  /** UTF-8 bytes of a text that comes from a gateway, from an operator or from us. */
  detailBytes: 500,
  reasonBytes: 500,
  evidenceBytes: 2_000,
  codeBytes: 100,
  /** Requests to the PG that one move or one piece of evidence keeps. */
  gatewayCalls: 10,
  /** Entries of a history, and their UTF-8 bytes as JSON. */
  historyEntries: 100,
  historyBytes: 24_000,
  /** Pieces of evidence beside a history. */
  evidence: 20,
} as const;

const encoder = new TextEncoder();

const byteLength = (text: string): number => encoder.encode(text).length;

/** The text, or its beginning and its end where it has too many bytes. */
export const truncateText = (text: string, maxBytes: number): string => {
  const bytes = encoder.encode(text);
  if (bytes.length <= maxBytes) return text;
  const half = Math.floor((maxBytes - byteLength(ellipsis)) / 2);
  let tail = bytes.length - half;
  // A character of several bytes is kept whole or not at all.
  while (((bytes[tail] ?? 0) & 0xc0) === 0x80) tail += 1;
  const decoder = new TextDecoder();
  const head = decoder.decode(bytes.subarray(0, half), { stream: true });

  return `${head}${ellipsis}${new TextDecoder().decode(bytes.subarray(tail))}`;
};

const ellipsis = ' ... ';

interface TruncatableEntry {
  readonly detail?: string;
  readonly gatewayCalls?: readonly GatewayCall[];
}

/** What is told of one move, or of what was seen, within its bounds. */
export const truncateEntry = <E extends TruncatableEntry>(entry: E): E => ({
  ...entry,
  ...(entry.detail !== undefined && { detail: truncateText(entry.detail, bounds.detailBytes) }),
  ...(entry.gatewayCalls && { gatewayCalls: entry.gatewayCalls.slice(-bounds.gatewayCalls) }),
});

interface WithFailure {
  readonly failure?: { readonly code: string; readonly reason: string; readonly evidence?: string };
}

/** The same item with a failure within its bounds. */
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
 * A history within its bounds: where it is too long, the oldest moves that led nowhere give way, first those from a state to itself, then
 * those to another state and back. What is left still leads from the first state to the last one, and a gap between two versions says
 * how many are left out.
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

/** The most that one move has: its texts within their bounds, and what is asked for it. */
const maxEntryBytes = 2_000;

/** Whether moves may have been left out of a history, for it is about as long as one may be. */
export const mayHaveGaps = (history: readonly Entry[]): boolean =>
  history.length >= bounds.historyEntries - 1 ||
  historyByteLength(history) >= bounds.historyBytes - maxEntryBytes;

/** Where the oldest detour begins and how many moves it has; the first move and the last one always stay. */
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
