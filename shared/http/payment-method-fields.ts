import * as z from 'zod';
import { isWebUrl, maxReturnUrlLength } from './return-url.ts';

/** The form of the tokens of the stage's gateway. */
interface Format {
  readonly pattern: RegExp;
  readonly example: string;
}

/** The fields with which a buyer provides a payment method. Both are optional. */
export const createPaymentMethodFields = ({ pattern, example }: Format) => ({
  paymentMethod: z
    .string()
    .min(1)
    .max(300)
    .refine((token) => pattern.test(token), {
      error: `Send a token of the payment gateway, such as "${example}".`,
    })
    .optional(),
  returnUrl: z
    .string()
    .max(maxReturnUrlLength, { abort: true })
    .refine(isWebUrl, {
      error: `Send an http or https URL of at most ${maxReturnUrlLength} characters.`,
    })
    .optional()
    .meta({
      description:
        'Where the gateway sends the buyer back after an action, such as 3-D Secure: an http or https URL on one of the origins of the shop.',
    }),
});
