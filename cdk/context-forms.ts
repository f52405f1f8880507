import * as z from 'zod';

export const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });

/** A number from a context file, or its digits from the command line. Anything else, such as '', is invalid. */
export const numberMatching = (form: RegExp) =>
  z.union([z.number(), z.string().regex(form).transform(Number)], {
    error: 'must be a number in digits',
  });
const wholeNumber = numberMatching(/^\d{1,9}$/);
export const intBetween = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  wholeNumber.pipe(z.int().min(min).max(max));

/** Entries separated by commas and optional spaces. */
export const commaSeparatedList = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()));

/** Origins that all pass the check. */
export const originList = (isAllowed: (entry: string) => boolean) =>
  commaSeparatedList.refine((entries) => entries.every(isAllowed), {
    error: 'must be origins such as https://shop.example, without a path, separated by commas',
  });

/** Whether Node knows the time zone. Offsets are not accepted, because they have no daylight saving time. */
const isTimeZone = (name: string): boolean => {
  try {
    return /^[A-Z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
};

export const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'must be a time zone such as Asia/Seoul' });

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);

    return true;
  } catch {
    return false;
  }
};

/** Texts by name: an object of a context file, or its JSON from the command line. */
export const textByName = z.union(
  [
    z.record(z.string(), z.string()),
    z
      .string()
      .refine(isJson)
      .transform((text): unknown => JSON.parse(text))
      .pipe(z.record(z.string(), z.string())),
  ],
  { error: 'must be JSON with a text for each name' },
);

const arnOf = (service: string, resource: string, error: string) =>
  z.string().regex(new RegExp(`^arn:[\\w-]+:${service}:[\\w-]+:\\d{12}:${resource}$`), { error });

/** Secrets Manager also reads a secret by an ARN without the end, but a permission must have it. */
export const secretArn = arnOf(
  'secretsmanager',
  'secret:[\\w/+=.@-]+-[A-Za-z\\d]{6}',
  'must be the ARN of a secret, with the six characters at its end',
);

export const keyArn = arnOf('kms', 'key/[\\w-]+', 'must be the ARN of a KMS key, not of an alias');

export const topicArn = arnOf('sns', '[\\w-]+', 'must be the ARN of an SNS topic');

export const regionOfArn = (arn: string): string | undefined => arn.split(':')[3];
