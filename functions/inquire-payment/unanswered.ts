/** Asked out of turn, and the PG gave no answer. */
export class Unanswered extends Error {}
