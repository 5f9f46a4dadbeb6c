// Answers that break whoever reads them: nested without end, huge, cut off, of the wrong types, lists that never end.
import type { Fault } from "../../emulator/index";
import type { Random } from "../support/random-flow";

const DEEP = 50_000;
const HUGE = 3_000_000;

type Wreck = Pick<Fault, "text"> & { what: string; status?: number; listsOnly?: boolean };

const error = (extra: string): string => `{"type":"validation_error","code":"invalid","detail":"No.","attr":${extra}}`;

/** Each is made when it is needed: some are megabytes. */
const WRECKS: readonly (() => Wreck)[] = [
  () => ({ what: "nested deeply", text: `{"id":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}` }),
  () => ({ what: "an object nested deeply", text: `${'{"extra":'.repeat(DEEP)}1${"}".repeat(DEEP)}` }),
  () => ({ what: "an error nested deeply", status: 400, text: error(`${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`) }),
  () => ({ what: "an error with a huge path", status: 400, text: error(JSON.stringify("actions__".repeat(50_000))) }),
  () => ({ what: "a server error nested deeply", status: 500, text: error(`${"[".repeat(DEEP)}${"]".repeat(DEEP)}`) }),
  () => ({ what: "huge", text: `{"id":"x","results":[],"pad":"${"x".repeat(HUGE)}"}` }),
  () => ({ what: "cut off", text: '{"id":"0198c0de-0000-7000-8000-0000000' }),
  () => ({ what: "nothing", text: "" }),
  () => ({ what: "null", text: "null" }),
  () => ({ what: "a number", text: "1e999" }),
  () => ({ what: "a list of nulls", text: "[null,1]" }),
  () => ({ what: "a page of nulls", text: '{"count":2,"next":null,"results":[null,7]}', listsOnly: true }),
  () => ({ what: "a page without a list", text: '{"count":2,"next":null,"results":{"a":1}}', listsOnly: true }),
  () => ({ what: "an object without an id", text: '{"name":"x"}' }),
  () => ({ what: "an id that is a number", text: '{"id":5,"actions":7,"schedules":"no"}' }),
  () => ({ what: "no HTTP text", text: "\u0000\ufffd<html>", status: 200 }),
  () => ({
    what: "a list that never ends",
    text: '{"count":1000000,"next":"http://127.0.0.1:1/again","results":[{"id":"0198c0de-0000-7000-8000-000000000000","name":"again","status":"draft","description":"","actions":[],"edges":[]}]}',
    listsOnly: true,
  }),
];

/** One of them, for requests of this kind or of any. */
export function wreckedAnswer(r: Random): {
  fault: Pick<Fault, "kind" | "when" | "status" | "text" | "method" | "times" | "skip">;
  what: string;
} {
  const { what, text, status, listsOnly } = r.pick(WRECKS)();
  const method = listsOnly ? "GET" : r.pick([undefined, undefined, "POST", "POST", "PUT", "PATCH", "DELETE", "GET"]);
  const endless = what.includes("never ends");
  const fault = {
    kind: "status",
    when: "after",
    status: status ?? 200,
    text: text!,
    skip: r.int(4),
    times: endless ? 10_000 : r.pick([1, 1, 2, 5]),
    ...(method ? { method } : {}),
  } as const;
  return { fault, what: `${method ?? "any request"}, ${what}${status ? ` (${status})` : ""}` };
}
