// Fields that nobody can change in a flow that a program made, each with the reason. The matrix fails when one of them can be changed after all.

const FIELDS: readonly [RegExp, string][] = [
  [/^trigger \S+: type$/, "a flow has exactly one trigger"],
  [/^trigger data-warehouse-\w+: config\.filters\.source$/, "PostHog sets the source of such a trigger on every save"],
  [/^trigger internal-event: config\.filters\.source$/, "PostHog sets the source of such a trigger on every save"],
  [/^trigger data-warehouse-\w+: config\.filters\.(events|actions)/, "PostHog drops events from filters on rows"],
  [/^trigger internal-event: config\.filters\.dataWarehouse/, "PostHog drops tables from filters on events"],
  [
    /^(flow: conversion|wait_until_condition: config)\.events\[\]\.filters\.dataWarehouse/,
    "PostHog removes entries without an event, and a filter on rows has none",
  ],
  [
    /^(wait_until_condition: config\.condition|conditional_branch: config\.conditions\[\])\.filters\.events\[\]/,
    "PostHog refuses events in conditions",
  ],
  [/^function_email: config\.inputs\.email\.templating$/, "the template decides its language"],
  [/^function_push: config\.inputs\.body\.templating$/, "the template decides its language"],
  [/^function_sms: config\.inputs\.(to_number|message)\.templating$/, "the template decides its language"],
];

export const unchangeable = (field: string): string | undefined => FIELDS.find(([pattern]) => pattern.test(field))?.[1];
