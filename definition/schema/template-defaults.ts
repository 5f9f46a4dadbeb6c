// What an input comes to when it is left out: what PostHog fills in on every write, because the input is required and its template has a default (API
// §2.3.1), or what the worker does as if it were there. Where leaving it out means something else than the default that PostHog's editor stores, as for the
// method of an incoming webhook or the body of a webhook, there is no row.
import { table } from "./table";

/** By template and input: the values of the versions that there have been. */
export const TEMPLATE_DEFAULTS = table<Readonly<Record<string, readonly unknown[]>>>({
  "template-webhook": { method: ["POST"], debug: [false] },
  "template-twilio": {
    to_number: ["{{ person.properties.phone }}", "{person.properties.phone}"],
    message: ["PostHog event {{ event.event }} was triggered", "PostHog event {event.event} was triggered"],
    debug: [false],
  },
  "template-native-push": {
    distinctId: ["{event.distinct_id}"],
    title: ["Notification from {event.event}"],
    debug: [false],
  },
  "template-slack": { debug: [false] },
  "template-source-webhook": {
    event: ["{request.body.event}"],
    distinct_id: ["{request.body.distinct_id}"],
    debug: [false],
  },
  "template-source-webhook-pixel": {
    event: ["{request.query.ph_event}"],
    distinct_id: ["{request.query.ph_distinct_id}"],
    debug: [false],
  },
});
