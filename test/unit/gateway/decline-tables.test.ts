import { describe, expect, it } from 'vitest';
import { buyerDeclineCodes } from '../../../shared/domain/payments/buyer-failure.ts';
import {
  type DeclineTable,
  declinedCharge,
  declineTable,
} from '../../../shared/gateway/decline-table.ts';
import { simulatorDeclineTable } from '../../../shared/gateway/simulator/decline-table.ts';
import {
  cardDeclineTable,
  requestDeclineTable,
  stripeDeclineTable,
} from '../../../shared/gateway/stripe/decline-table.ts';
import {
  confirmDeclineTable,
  tossDeclineTable,
} from '../../../shared/gateway/toss/decline-table.ts';
import {
  behaviours,
  defaultDelays,
  mismatchedMethod,
} from '../../../shared/simulators/gateway/behaviours.ts';

/** The card decline codes of docs.stripe.com/declines/codes. */
const stripeCardCodes =
  `approve_with_id authentication_not_handled authentication_required call_issuer
  card_not_supported card_velocity_exceeded currency_not_supported do_not_honor do_not_try_again
  duplicate_transaction expired_card fraudulent generic_decline incorrect_address incorrect_cvc
  incorrect_number incorrect_pin incorrect_zip insufficient_funds invalid_account invalid_amount invalid_cvc
  invalid_expiry_month invalid_expiry_year invalid_number invalid_pin issuer_not_available lost_card
  merchant_blacklist mobile_device_authentication_required new_account_information_available no_action_taken
  not_permitted offline_pin_required online_or_offline_pin_required pickup_card pin_try_exceeded
  processing_error reenter_transaction restricted_card revocation_of_all_authorizations
  revocation_of_authorization security_violation service_not_allowed stolen_card stop_payment_order
  testmode_decline transaction_not_allowed try_again_later withdrawal_count_limit_exceeded`.split(
    /\s+/,
  );

/** The codes of a request that Stripe rejects because of the buyer or the order: docs.stripe.com/error-codes. */
const stripeRequestCodes = `amount_too_large amount_too_small invalid_charge_amount
  invalid_charge_amount_no_decimal_compatible payment_method_currency_mismatch
  payment_method_unactivated`.split(/\s+/);

/** The decline codes of a confirmation: docs.tosspayments.com/reference/error-codes. */
const tossConfirmCodes = `BELOW_MINIMUM_AMOUNT EXCEED_MAX_AMOUNT EXCEED_MAX_AUTH_COUNT
  EXCEED_MAX_CARD_INSTALLMENT_PLAN EXCEED_MAX_DAILY_PAYMENT_COUNT EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT
  EXCEED_MAX_ONE_DAY_AMOUNT EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT
  EXCEED_MAX_PAYMENT_AMOUNT FDS_ERROR FORBIDDEN_REQUEST INVALID_ACCOUNT_INFO_RE_REGISTER INVALID_AUTHORIZE_AUTH
  INVALID_CARD_EXPIRATION INVALID_CARD_INSTALLMENT_PLAN INVALID_CARD_LOST_OR_STOLEN INVALID_CARD_NUMBER
  INVALID_PASSWORD INVALID_REJECT_CARD INVALID_STOPPED_CARD INVALID_UNREGISTERED_SUBMALL NOT_ALLOWED_POINT_USE NOT_AVAILABLE_BANK
  NOT_AVAILABLE_PAYMENT NOT_FOUND_PAYMENT NOT_FOUND_PAYMENT_SESSION NOT_FOUND_TERMINAL_ID
  NOT_REGISTERED_BUSINESS NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT
  NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN REJECT_ACCOUNT_PAYMENT REJECT_CARD_COMPANY REJECT_CARD_PAYMENT
  REJECT_TOSSPAY_INVALID_ACCOUNT RESTRICTED_TRANSFER_ACCOUNT`.split(/\s+/);

describe('the decline tables', () => {
  it.each([
    ["Stripe's cards", cardDeclineTable, stripeCardCodes],
    ["Stripe's requests", requestDeclineTable, stripeRequestCodes],
    ["Toss's confirmations", confirmDeclineTable, tossConfirmCodes],
  ])('trust exactly the documented codes of %s', (_what, table, documented) => {
    expect([...table.keys()].toSorted()).toEqual(documented.toSorted());
  });

  it.each([
    ['Stripe', stripeDeclineTable, [...stripeCardCodes, ...stripeRequestCodes]],
    ['Toss', tossDeclineTable, tossConfirmCodes],
  ])('name a code for the buyer for every documented code: %s', (_what, table, documented) => {
    for (const code of documented) expect(buyerDeclineCodes).toContain(table.get(code));
  });

  it('have every code that the simulator declines with', () => {
    const ofBehaviours = [...behaviours(defaultDelays).values()].map((each) => each.declineCode);
    const ofChallenges = ['authentication_expired', 'reference_cancelled'];

    for (const code of [...ofBehaviours, ...ofChallenges, mismatchedMethod.declineCode])
      expect([...simulatorDeclineTable.keys()]).toContain(code);
  });

  it.each<[string, DeclineTable]>([
    ...['fraudulent', 'lost_card', 'merchant_blacklist', 'pickup_card', 'restricted_card'].map(
      (code): [string, DeclineTable] => [code, stripeDeclineTable],
    ),
    ['security_violation', stripeDeclineTable],
    ['stolen_card', stripeDeclineTable],
    ['FDS_ERROR', tossDeclineTable],
    ['INVALID_CARD_LOST_OR_STOLEN', tossDeclineTable],
    ['INVALID_STOPPED_CARD', tossDeclineTable],
    ['stolen_card', simulatorDeclineTable],
  ])('do not show fraud or theft to the buyer: %s', (code, table) => {
    expect(table.get(code)).toBe('card-declined');
  });

  it.each([
    ['authentication_required', stripeDeclineTable, 'authentication-failed'],
    ['payment_intent_authentication_failure', stripeDeclineTable, 'authentication-failed'],
    ['processing_error', stripeDeclineTable, 'try-again-later'],
    ['card_velocity_exceeded', stripeDeclineTable, 'limit-exceeded'],
    ['REJECT_ACCOUNT_PAYMENT', tossDeclineTable, 'insufficient-funds'],
    ['EXCEED_MAX_ONE_DAY_AMOUNT', tossDeclineTable, 'limit-exceeded'],
    ['INVALID_PASSWORD', tossDeclineTable, 'authentication-failed'],
    ['NOT_FOUND_PAYMENT_SESSION', tossDeclineTable, 'try-again-later'],
    ['EXPIRED_PAYMENT', tossDeclineTable, 'try-again-later'],
    ['WINDOW_AMOUNT_DIFFERS', tossDeclineTable, 'method-not-supported'],
    ['EXPIRED', tossDeclineTable, 'try-again-later'],
  ] as const)('map %s', (code, table, buyerCode) => {
    expect(declinedCharge(table, code, 'no')).toEqual({
      outcome: 'declined',
      code,
      reason: 'no',
      buyerCode,
    });
  });

  it.each(['moon', 'constructor', ''])(
    'map a code that they do not have to card-declined: "%s"',
    (code) => {
      for (const table of [stripeDeclineTable, tossDeclineTable, simulatorDeclineTable])
        expect(declinedCharge(table, code, 'no')).toMatchObject({
          code,
          buyerCode: 'card-declined',
        });
    },
  );

  it('are empty without groups', () => {
    expect(declineTable({}).size).toBe(0);
  });
});
