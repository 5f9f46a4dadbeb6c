/** A small client and payloads for the emulator's tests. */
import { afterAll, beforeAll, expect } from "vitest";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../emulator/index";

export interface Reply {
  status: number;
  body: any;
  headers: Headers;
}

export interface Client {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  create(body?: any): Promise<any>;
  read(id: string): Promise<any>;
  patch(id: string, body: any): Promise<any>;
}

export function clientOf(emulator: Emulator, key = "phx_test", project = "1"): Client {
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    const response = await fetch(
      `${emulator.url}/api/projects/${project}/${path === "" || /^[/?]/.test(path) ? `hog_flows${path}` : path}`,
      {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
      },
    );
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers };
  };
  const wanted = async (status: number, reply: Promise<Reply>) => {
    const { status: got, body } = await reply;
    expect({ status: got, error: got === status ? undefined : body }).toEqual({ status, error: undefined });
    return body;
  };
  return Object.assign(send, {
    create: (body: any = flow()) => wanted(201, send("POST", "", body)),
    read: (id: string) => wanted(200, send("GET", `/${id}`)),
    patch: (id: string, body: any) => wanted(200, send("PATCH", `/${id}`, body)),
  });
}

/** An emulator for all tests of a file. */
export function useEmulator(options: EmulatorOptions = {}): { emulator: Emulator; api: Client } {
  const used = {} as { emulator: Emulator; api: Client };
  beforeAll(async () => {
    used.emulator = await startEmulator(options);
    used.api = clientOf(used.emulator);
  });
  afterAll(() => used.emulator.stop());
  return used;
}

export const event = (id = "$pageview") => ({ id, name: id, type: "events", order: 0 });
export const person = (key = "email", value: unknown = ["a@example.com"]) => ({
  key,
  value,
  operator: "exact",
  type: "person",
});
export const trigger = (config: any = { type: "event", filters: { events: [event()] } }) => ({
  id: "trigger_node",
  name: "Trigger",
  type: "trigger",
  config,
});
export const batch = (filters: any = { properties: [person()] }) => trigger({ type: "batch", filters });
export const step = (type: string, config: any, extra: any = {}) => ({ id: "s", name: "Step", type, config, ...extra });
export const webhook = (inputs: any = {}, extra: any = {}) => ({
  id: "hook",
  name: "Hook",
  type: "function",
  config: { template_id: "template-webhook", inputs: { url: { value: "https://example.com" }, ...inputs } },
  ...extra,
});
export const mail = (value: any = {}, config: any = {}) => ({
  id: "mail",
  name: "Mail",
  type: "function_email",
  config: {
    inputs: {
      email: { value: { from: { integrationId: 1 }, to: "a@example.com", subject: "Hi", text: "Hi", ...value } },
    },
    ...config,
  },
});
export const exit = { id: "exit_node", name: "Exit", type: "exit", config: {} };
export const edge = (from: string, to: string, extra: any = {}) => ({ from, to, type: "continue", ...extra });
export const flow = (actions: any[] = [trigger(), webhook()], extra: any = {}) => ({ name: "Test", actions, ...extra });
export const stepOf = (body: any, id: string) => body.actions.find((action: any) => action.id === id);
export const envelope = (type: string, code: string, attr: string | null, detail: unknown = expect.any(String)) => ({
  type,
  code,
  attr,
  detail,
});
