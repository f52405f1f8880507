import { type ConditionExpression, parseCondition } from './conditions.ts';
import { type ProjectionExpression, parseProjection } from './projections.ts';
import { parseUpdate, type UpdateExpression } from './updates.ts';

/** Parses each text once. Returns undefined for an absent expression. */
const cached = <E>(parse: (text: string) => E) => {
  const byText = new Map<string, E>();

  return (text: string | undefined): E | undefined => {
    if (text === undefined) return undefined;
    const known = byText.get(text);
    if (known !== undefined) return known;
    const parsed = parse(text);
    byText.set(text, parsed);

    return parsed;
  };
};

const conditionOf = (kind: string) =>
  cached<ConditionExpression>((text) => parseCondition(kind, text));

/** The parsed expressions of a request, by the parameter's name. */
export const compiled = {
  condition: conditionOf('ConditionExpression'),
  filter: conditionOf('FilterExpression'),
  keyCondition: conditionOf('KeyConditionExpression'),
  projection: cached<ProjectionExpression>(parseProjection),
  update: cached<UpdateExpression>(parseUpdate),
};
