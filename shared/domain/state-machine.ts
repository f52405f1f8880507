import { truncateEntry } from './bounds.ts';
import { IllegalTransitionError } from './errors.ts';
import type { GatewayCall } from './gateway-call.ts';

/** One row of a transition table. */
export interface Transition<Status extends string, Event extends string> {
  /** Empty: the transition creates the aggregate. */
  readonly from: readonly Status[];
  readonly to: Status;
  readonly description: string;
  readonly event?: Event;
}

/** One version of an aggregate, as its history keeps it. */
export interface HistoryEntry<Status extends string> {
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
  readonly from?: Status;
  readonly to: Status;
  /** The function that wrote the version. */
  readonly by: string;
  /** The event of a transition that keeps the status. Any other event follows from the two statuses. */
  readonly event?: string;
  readonly detail?: string;
  /** The gateway calls that led to the transition, in order. Absent if there were none. */
  readonly gatewayCalls?: readonly GatewayCall[];
}

export interface TransitionContext {
  readonly at: Date;
  readonly by: string;
  readonly detail?: string;
  readonly gatewayCalls?: readonly GatewayCall[];
}

/** Builds a history entry and truncates it to its bounds. */
export const createHistoryEntry = <Status extends string>(
  {
    version,
    from,
    to,
    event,
  }: Pick<HistoryEntry<Status>, 'version' | 'from' | 'to'> & {
    readonly event?: string | undefined;
  },
  { at, by, detail, gatewayCalls = [] }: TransitionContext,
): HistoryEntry<Status> =>
  truncateEntry({
    version,
    at: at.toISOString(),
    ...(from !== undefined && { from }),
    to,
    by,
    ...(event !== undefined && { event }),
    ...(detail !== undefined && { detail }),
    ...(gatewayCalls.length > 0 && { gatewayCalls }),
  });

/** A state machine over a transition table. */
export const createStateMachine = <
  Status extends string,
  Event extends string,
  Name extends string,
>(
  transitions: Readonly<Record<Name, Transition<Status, Event>>>,
) => {
  const can = ({ status }: { readonly status: Status }, name: Name): boolean =>
    transitions[name].from.includes(status);

  /**
   * Returns a transition between two statuses, if the table has one; without `from`, one that creates the
   * aggregate. If several match, they keep the status, and the history entry has the event.
   */
  const between = (from: Status | undefined, to: Status): Transition<Status, Event> | undefined =>
    Object.values<Transition<Status, Event>>(transitions).find(
      (transition) =>
        transition.to === to &&
        (from === undefined ? transition.from.length === 0 : transition.from.includes(from)),
    );

  return {
    /** Whether the transition table allows a transition from the current status. */
    can,
    between,

    /**
     * Returns the history entry of one transition; throws IllegalTransitionError if the table does not allow
     * it.
     */
    next: (
      id: string,
      current: { readonly status: Status; readonly version: number },
      name: Name,
      context: TransitionContext,
    ): HistoryEntry<Status> => {
      const { status, version } = current;
      const { to, event } = transitions[name];
      if (!can(current, name)) throw new IllegalTransitionError(id, status, to);

      return createHistoryEntry(
        { version: version + 1, from: status, to, ...(to === status && { event }) },
        context,
      );
    },

    /** Returns the event of one version, if it has one. */
    eventOf: ({
      from,
      to,
      event,
    }: Pick<HistoryEntry<Status>, 'from' | 'to' | 'event'>): Event | undefined =>
      from === to ? (event as Event | undefined) : between(from, to)?.event,
  };
};
