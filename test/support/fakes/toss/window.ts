/** What the buyer's page gives to the script of Toss. */
export interface WindowRequest {
  readonly orderId: string;
  readonly amount: number;
  /** KRW by default. */
  readonly currency?: string;
  readonly clientKey: string;
}

/** The parameters with which Toss sends the buyer to the page's successUrl. */
export interface PaidWindow {
  readonly paymentKey: string;
  readonly orderId: string;
  readonly amount: number;
}

/** The checkout window, open in front of the buyer. Toss has no payment until the buyer pays. */
export interface TossWindow {
  /** The buyer pays. The payment method selects the behaviour; throws if there is none of this name. */
  readonly pay: (paymentMethod: string) => PaidWindow;
  /** The buyer closes it: the parameters of failUrl. */
  readonly close: () => {
    readonly code: string;
    readonly message: string;
    readonly orderId: string;
  };
}

/**
 * Opens the window. Throws the code with which the script refuses it. `pay` makes the payment of a payment method
 * and returns its key.
 */
export const openTossWindow = (
  { orderId, amount, currency = 'KRW', clientKey }: WindowRequest,
  { ofShop, pay }: { readonly ofShop: string; readonly pay: (paymentMethod: string) => string },
): TossWindow => {
  const refuse = (code: string): never => {
    throw new Error(`Toss opens no window: ${code}.`);
  };
  if (clientKey !== ofShop) refuse('INVALID_CLIENT_KEY');
  if (!/^[\w=-]{6,64}$/.test(orderId)) refuse('INVALID_ORDER_ID');
  if (currency !== 'KRW') refuse('NOT_SUPPORTED_CURRENCY');
  if (!Number.isSafeInteger(amount) || amount <= 0) refuse('INVALID_AMOUNT');

  return {
    pay: (paymentMethod) => ({ paymentKey: pay(paymentMethod), orderId, amount }),
    close: () => ({
      code: 'PAY_PROCESS_CANCELED',
      message: '사용자에 의해 결제가 취소되었습니다.',
      orderId,
    }),
  };
};
