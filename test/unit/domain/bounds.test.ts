import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounds, mayHaveGaps, truncateText } from '../../../shared/domain/bounds.ts';
import type { GatewayCall } from '../../../shared/domain/gateway-call.ts';
import { anOrder, aPayment, noon } from '../../support/builders/builders.ts';
import { afterChosenTransitions } from '../../support/builders/payment-history.ts';
import { jsonItemSize } from '../../support/item-size.ts';

const bytesOf = (text: string) => Buffer.byteLength(text);
const aGatewayCall: GatewayCall = {
  operation: 'inquire',
  outcome: 'ambiguous',
  durationMs: 20_000,
};
/** Far above every bound, three bytes per character. */
const longText = '결제'.repeat(20_000);

const wideOrder = () =>
  anOrder({
    lines: Array.from({ length: 80 }, (_, index) => ({
      sku: `${index}${'茶'.repeat(60)}`,
      quantity: 1_000,
      unitPrice: 1_000,
    })),
  });

describe('truncate a text', () => {
  it('returns a short text unchanged', () => {
    expect(truncateText('not found', 500)).toBe('not found');
  });

  it('keeps the beginning and the end of a long text', () => {
    expect(truncateText(`begin${'.'.repeat(1_000)}end`, 20)).toBe('begin.. ... ....end');
  });

  it('never exceeds the bound and never splits a character', () => {
    fc.assert(
      fc.property(
        // A split character is decoded as U+FFFD, so the text itself must not have it.
        fc
          .string({ unit: 'grapheme', minLength: 0, maxLength: 300 })
          .filter((text) => !text.includes('\uFFFD')),
        fc.integer({ min: 20, max: 400 }),
        (text, maxBytes) => {
          const short = truncateText(text, maxBytes);

          expect(bytesOf(short)).toBeLessThanOrEqual(Math.max(maxBytes, 0));
          expect(short).not.toContain('\uFFFD');
        },
      ),
    );
  });
});

describe('compact a history', () => {
  const names = fc.array(fc.nat(), { minLength: 300, maxLength: 600 });

  it('allows every transition and leads from the first status to the last', () => {
    fc.assert(
      fc.property(names, (choices) => {
        const payment = afterChosenTransitions(aPayment({ order: wideOrder() }), choices, {
          detail: longText,
          gatewayCalls: Array.from({ length: 40 }, () => aGatewayCall),
          failure: { code: longText, reason: longText, evidence: longText },
        });
        const { history, version, status } = payment;

        expect(jsonItemSize(payment)).toBeLessThan(100_000);
        expect(history.at(-1)).toMatchObject({ version, to: status });
        expect(history[0]).toMatchObject({ version: 1 });
        history.forEach((entry, index) => {
          expect(entry.from).toBe(history[index - 1]?.to);
          expect(entry.version).toBeGreaterThan(history[index - 1]?.version ?? 0);
        });
        if (history.length < version) expect(mayHaveGaps(history)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps a short history complete', () => {
    const payment = afterChosenTransitions(
      aPayment({ at: noon }),
      Array.from({ length: 40 }, () => 1),
    );

    expect(payment.history.length).toBeLessThan(bounds.historyEntries);
    expect(payment.history.map(({ version }) => version)).toEqual(
      payment.history.map((_, index) => index + 1),
    );
  });
});
