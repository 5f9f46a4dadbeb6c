// Which flow a text names: a resource of the stack, a title, or an id, in every command alike. Doubt is an error that lists what may be meant.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type PostHogClient } from "../../api";
import { startEmulator, type Emulator } from "../../emulator";
import { findFlow } from "../../operate/find-flow";
import { flowIn, parseStackExport, type StackState } from "../../operate/stack-state";
import { flowJson } from "../command/live";

const KEY = "phx_test";
let emulator: Emulator;
let client: PostHogClient;
let ids: Record<"onboarding" | "digest" | "twin", string>;
let stack: StackState;

const resource = (name: string, id: string, title: string): object => ({
  urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/posthog:HogFlow::${name}`,
  type: "pulumi-nodejs:dynamic/posthog:HogFlow",
  id,
  inputs: {},
  outputs: { name: title, host: emulator.url, projectId: "1" },
});

beforeAll(async () => {
  emulator = await startEmulator({ keys: [{ key: KEY }] });
  client = createClient({ host: emulator.url, projectId: "1", apiKey: KEY });
  const made = (name: string): string => emulator.seed(flowJson({ name })).id;
  ids = { onboarding: made("Welcome people"), digest: made("Digest"), twin: made("Digest") };
  made("onboarding");
  const resources = [
    resource("welcome", ids.onboarding, "Welcome people"),
    resource("digest", ids.digest, "Digest"),
    resource("onboarding", ids.twin, "Digest"),
  ];
  stack = parseStackExport(JSON.stringify({ version: 3, deployment: { resources } }));
});
afterAll(() => emulator?.stop());

const places = (state?: () => Promise<StackState>) => ({ client: async () => client, ...(state ? { state } : {}) });
const inStack = () => places(async () => stack);

describe("a flow", () => {
  it("is found by the name of its resource, its title and its id", async () => {
    const found = await findFlow("welcome", inStack());
    expect(found).toMatchObject({ id: ids.onboarding, resource: { name: "welcome" } });
    expect(await findFlow(" Welcome people ", inStack())).toEqual(found);
    expect(await findFlow("Welcome people", places())).toEqual({ id: ids.onboarding });
    emulator.clearRequests();
    expect(await findFlow(ids.onboarding.toUpperCase(), inStack())).toEqual({ id: ids.onboarding });
    expect(emulator.requests).toEqual([]);
  });

  it("is in doubt where a title is a resource's name elsewhere, or two have it", async () => {
    await expect(findFlow("onboarding", inStack())).rejects.toThrow(
      /^"onboarding" may mean 2 flows:\n {2}[-0-9a-f]{36} {2}onboarding \(active\)\n {2}[-0-9a-f]{36} {2}Digest, resource "onboarding" of the stack\nGive the id of the one you mean\.$/,
    );
    await expect(findFlow("Digest", inStack())).rejects.toThrow(
      /2 flows:\n(.*Digest \(active\), resource "(digest|onboarding)" of the stack\n){2}/,
    );
    expect(() => flowIn(stack, "Digest")).toThrow(/"Digest" may mean 2 flows of the stack: digest \(.*\), onboarding/);
    expect(flowIn(stack, "Welcome people").name).toBe("welcome");
  });

  it("that is not there is an error with what there is, and why the stack was not read", async () => {
    await expect(findFlow("Dig", inStack())).rejects.toThrow(
      /^There is no flow named "Dig" in the stack or in PostHog\. Titles in PostHog that contain it:\n(.*Digest.*\n){2}Flows of the stack:\n {2}welcome\n {2}digest\n {2}onboarding\nName a flow by/,
    );
    const failing = places(() => Promise.reject(new Error("pulumi is not there")));
    await expect(findFlow("nothing", failing)).rejects.toThrow("The stack was not read: pulumi is not there");
    expect(await findFlow("Welcome people", failing)).toEqual({ id: ids.onboarding });
  });

  it("of the stack needs no PostHog to be found; any other does", async () => {
    const offline = { state: async () => stack, client: () => Promise.reject(new Error("no key")) };
    expect(await findFlow("welcome", offline)).toMatchObject({ id: ids.onboarding });
    await expect(findFlow("other", offline)).rejects.toThrow("no key");
    await expect(findFlow("other", { ...offline, state: () => Promise.reject(new Error("no state")) })).rejects.toThrow(
      /could not be looked up\. The stack was not read: no state\nPostHog was not asked: no key/,
    );
  });
});
