/** The day in UTC, `YYYY-MM-DD`: what rankings are counted by. */
export const utcDayOf = (at: Date): string => at.toISOString().slice(0, 10);
