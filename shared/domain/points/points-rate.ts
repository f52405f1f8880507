/** An exact fraction, to keep floating point out of loyalty points. */
export interface PointsRate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Parses a percentage from 0 to 100 with up to six decimals ("1", "0.25"); throws on any other text. */
export const parsePointsRate = (percent: string): PointsRate => {
  const [, whole = '', decimals = ''] = /^(\d{1,3})(?:\.(\d{1,6}))?$/.exec(percent) ?? [];
  const rate = {
    numerator: BigInt(whole + decimals),
    denominator: 100n * 10n ** BigInt(decimals.length),
  };
  if (whole === '' || rate.numerator > rate.denominator) {
    throw new Error(`The points rate is "${percent}"; set a percentage from 0 to 100.`);
  }

  return rate;
};

/** The points for a net amount in minor units, rounded down. */
export const pointsFor = (netAmount: number, { numerator, denominator }: PointsRate): number =>
  Number((BigInt(netAmount) * numerator) / denominator);
