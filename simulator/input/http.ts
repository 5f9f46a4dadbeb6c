// How the outside world answers the requests of a flow.

/** A request as a step makes it. */
export interface OutgoingRequest {
  /** Id of the step. */
  step: string;
  /** The step's template, such as `template-webhook`. */
  template: string;
  /** Of `template-webhook` and `template-slack`: for other templates, their program decides what is sent. */
  url?: string;
  /** In upper case. */
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** The rendered inputs; secret ones are left out. */
  inputs: Record<string, unknown>;
  /** 1 for the first try. */
  attempt: number;
}

/** An answer: a status alone, or with a body. A body that is a text of JSON is read as JSON. `status: 0` is a network failure. */
export type StubbedAnswer = number | { status?: number; body?: unknown };

/**
 * Answers by step id or by beginning of the URL, or a function. A list answers try after try, and its last one from then on. Everything else answers 200 with `{}`.
 * For a step that sends a message, a status of 400 or more makes the sending fail; a text message fails from 300 on. Requests, text messages and pushes are
 * tried again after no answer, 408, 429, 500, 502, 503 and 504 (pushes: 429 and every 5xx). Slack also fails with `{ body: { ok: false } }`.
 *
 * @example
 * simulate(flow, { http: { tell_sales: 500 } });
 * simulate(flow, { http: { "https://api.example.com/score": [503, { status: 200, body: { score: 9 } }] } });
 */
export type HttpStub =
  | Readonly<Record<string, StubbedAnswer | readonly StubbedAnswer[]>>
  | ((request: OutgoingRequest) => StubbedAnswer | undefined);
