// Fields that nobody can change in a flow that a program made, each with the reason.

const FIELDS: readonly [RegExp, string][] = [
];

export const unchangeable = (field: string): string | undefined => FIELDS.find(([pattern]) => pattern.test(field))?.[1];
