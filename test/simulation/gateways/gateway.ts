import type { Timers } from '../../../shared/domain/time.ts';
import type { CheckoutPlatform } from '../../../shared/gateway/checkout.ts';
import type {
  ChallengeDecision,
  GatewayState,
  WindowAction,
} from '../../../shared/gateway/conformance/harness.ts';
import type { SendHttp } from '../../../shared/gateway/exchange.ts';
import type { GatewayPlatform } from '../../../shared/gateway/gateway-from-env.ts';
import type { TokenFormat } from '../../../shared/gateway/token-format.ts';
import type { WebhookPlatform } from '../../../shared/gateway/webhook-reader.ts';
import type { Delays } from '../../../shared/simulators/gateway/behaviours.ts';
import type { PlainServer } from '../../../shared/simulators/plain-http.ts';
import type { GatewayAdapters } from './adapters.ts';

/** What a gateway has done for one payment until now. Amounts in minor units. */
export interface GatewayTruth {
  /** The number of captures. */
  readonly captures: number;
  readonly captured: number;
  /** Paid and not failed since. */
  readonly refunded: number;
  /** Our keys of the refunds that were paid and have not failed since. */
  readonly refundKeys: readonly string[];
  /** Whether a charge or refund will still change by itself. */
  readonly isPending: boolean;
  /** Whether a charge may still be captured: it is processed, or its buyer decides. */
  readonly isUndecided: boolean;
  /** When the gateway cancelled the charge, epoch ms. */
  readonly cancelledAt?: number;
}

/** A webhook that the gateway wants to send. */
export interface SimulatedWebhook {
  /** The same for each delivery of it. */
  readonly id: string;
  readonly type: string;
  /** Our reference of the charge, also if the webhook itself does not name it. */
  readonly reference: string;
  /** When the gateway sends it first, epoch ms. */
  readonly at: number;
  /** Headers and body, signed at the time of sending. */
  readonly request: (now: Date) => {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** How a function reaches the gateway. */
export interface GatewayConnection {
  readonly exchange: SendHttp;
  readonly timers: Timers;
}

/** What our API gives to the buyer's page, so that it opens the gateway's window. */
export interface WindowToOpen extends WindowAction {
  readonly url?: string;
  readonly clientKey?: string;
}

/** The gateway's pages, as a buyer uses them. */
export interface GatewayPages {
  /** The buyer pays in the window, which gives the token of the payment method. */
  readonly payInWindow: (window: WindowToOpen, paymentMethod: string) => Promise<string>;
  /** The buyer opens the window and closes it. */
  readonly closeWindow: (window: WindowToOpen) => Promise<void>;
  /** The payment methods whose buyers must authenticate on a page. */
  readonly challengedMethods: readonly string[];
  /** The buyer decides on the page of a charge. Does nothing if the charge takes no decision any more. */
  readonly decide: (url: string, decision: ChallengeDecision) => Promise<void>;
  /** The addresses of all pages on which buyers decide. */
  readonly actionUrls: () => readonly string[];
}

interface CheckoutOrder {
  /** Our reference of the attempt. */
  readonly reference: string;
  readonly amount: number;
}

/** A gateway in this process. */
export interface SimulatedGateway {
  readonly adapter: 'simulator' | 'stripe' | 'toss';
  /** Answers one request at this instant. */
  readonly serve: PlainServer;
  /** What composed functions are given: this tree's adapters, or those of another build. */
  readonly platform: (
    connection: GatewayConnection,
    adapters?: GatewayAdapters,
  ) => GatewayPlatform & CheckoutPlatform & WebhookPlatform & { readonly tokenFormat: TokenFormat };
  /** Our API keys and signing keys. */
  readonly secrets: readonly string[];
  /** The ways to pay: each selects a behaviour, which its name describes. */
  readonly paymentMethods: readonly string[];
  /**
   * Opens the gateway's checkout window for an order, and returns the token to pay with. Toss knows the payment
   * from then on; elsewhere the token is the payment method itself.
   */
  readonly checkout: (paymentMethod: string, order: CheckoutOrder) => string;
  readonly pages: GatewayPages;
  /** The payment method behind a token of the checkout or of a window. */
  readonly methodOf: (token: string) => string;
  readonly truthOf: (reference: string) => GatewayTruth;
  /** Each capture and refund, and how often each was requested. */
  readonly stateOf: (reference: string) => GatewayState;
  /** The references that the gateway knows, in order. */
  readonly references: () => readonly string[];
  /**
   * An operator refunds in the gateway's dashboard, with a key of their own. Does nothing if the gateway refuses
   * it.
   */
  readonly refundByHand: (reference: string, amount: number, key: string) => Promise<void>;
}

export interface GatewayDelays extends Delays {
  /** How long Stripe's search does not show a change. */
  readonly searchLagMs: number;
}

export interface GatewayWorldOptions {
  /** Epoch ms, by the gateway's clock. */
  readonly now: () => number;
  readonly random: { readonly id: () => string };
  readonly delays: GatewayDelays;
  readonly onWebhook: (webhook: SimulatedWebhook) => void;
  /** The gateway forgets an idempotency key after this time: Stripe after 24 h, Toss after 15 days. */
  readonly keyLifetimeMs: number;
}
