/** An operator with the scope that cancels, refunds and inquires. */
export const olivia = {
  sub: 'olivia',
  name: 'olivia@operators.example',
  scope: 'aftercommit/support',
};

interface Action {
  readonly action: string;
  readonly subject: string;
  readonly reason: string;
  readonly detail: object;
}

/** The audit entry of an action that Olivia took at this time. */
export const anAuditEntry = (at: string, action: Action) => ({
  day: at.slice(0, 10),
  entry: `${at}#${action.subject}`,
  at,
  actor: olivia.sub,
  actorName: olivia.name,
  scope: olivia.scope,
  ...action,
});
