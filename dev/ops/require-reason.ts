import { operatorReasonSchema } from '../../shared/http/operator-reason.ts';
import { CliError } from '../cli/cli-error.ts';

/** The reason of an operator's command, as the API requires it. Throws a CliError if it is missing, too short or too long. */
export const requireReason = (reason: string | undefined): string => {
  const { minLength, maxLength } = operatorReasonSchema;
  const { data } = operatorReasonSchema.safeParse(reason);
  if (data === undefined)
    throw new CliError(
      `Add --reason "…" of ${minLength} to ${maxLength} characters: the audit log records it with your name.`,
    );

  return data;
};
