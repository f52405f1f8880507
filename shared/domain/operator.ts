/** Who acted as an operator, and by which right. Audit records keep it. */
export interface OperatorIdentity {
  /** The `sub` claim of the token. */
  readonly sub: string;
  /** The claim `name` or `email`. Absent if the token has neither, as the token of a machine. */
  readonly name?: string;
  /** The scope of the token that permitted the action; the scope of a duty before the one of all duties. */
  readonly scope: string;
}

/** Minimum length of the reason of an operator's action, in characters. */
export const minOperatorReasonLength = 10;

/** The person for readers: the name with the `sub` claim, or the claim alone. */
export const operatorLabelOf = ({
  sub,
  name,
}: {
  readonly sub: string;
  readonly name?: string | undefined;
}): string => (name === undefined ? sub : `${name} (${sub})`);
