/** An exact fraction of the money paid: no float ever touches points. */
export interface PointsRate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A percentage from 0 to 100 as text, with up to six decimals ("1", "0.25"); throws on anything else. */
export const parsePointsRate = (percent: string): PointsRate => {
  const [, whole = '', decimals = ''] = /^(\d{1,3})(?:\.(\d{1,6}))?$/.exec(percent) ?? [];
  const rate = {
    numerator: BigInt(whole + decimals),
    denominator: 100n * 10n ** BigInt(decimals.length),
  };
  if (whole === '' || rate.numerator > rate.denominator) {
    throw new Error(`The rate of points is "${percent}"; give a percentage from 0 to 100.`);
  }

  return rate;
};

/** What a payment earns: the whole points in `rate` of the net amount paid, in minor units. */
export const pointsFor = (netAmount: number, { numerator, denominator }: PointsRate): number =>
  Number((BigInt(netAmount) * numerator) / denominator);
