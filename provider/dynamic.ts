// The adapter from the lifecycle to Pulumi's dynamic providers. The stubs in every state load this module by name, `pulumi-hogflow/provider`, and
// call `flow` and `schedule` by these names: both are a contract with every state that was ever written (design L15).
import * as pulumi from "@pulumi/pulumi";
import { systemClock } from "../api/clock";
import {
  engineFailure,
  engineText,
  flowLifecycle,
  isDict,
  scheduleLifecycle,
  Session,
  SETTING_NAMES,
  UnderWay,
  type Dict,
  type Lifecycle,
} from "./lifecycles";
import { runningStack } from "./ownership/running-stack";

const underWay: UnderWay = new UnderWay(() => session);
const session = new Session({
  env: process.env,
  clock: systemClock,
  // Shown as warnings of the stack in preview and up (PDP §3).
  warn: (message) => void underWay.tracked(() => pulumi.log.warn(engineText(message))),
  note: (message) => void underWay.tracked(() => pulumi.log.info(engineText(message))),
  runningStack: () => runningStack(process.env),
});

/** What a stub calls. Every method takes and returns what Pulumi's ResourceProvider does. */
export interface StubCalls {
  /** Configuration and creation as stubs in states of before 0.1.0 call them: one function for both. */
  take(request: Dict): unknown;
  configure(request: Dict): void;
  check(olds: Dict, news: Dict): Promise<unknown>;
  diff(id: string, olds: Dict, news: Dict): Promise<unknown>;
  create(inputs: Dict): Promise<unknown>;
  read(id: string, props: Dict): Promise<unknown>;
  update(id: string, olds: Dict, news: Dict): Promise<unknown>;
  delete(id: string, props: Dict): Promise<void>;
}

function stubCalls(lifecycle: Lifecycle): StubCalls {
  const configure = ({ config }: Dict): void => {
    underWay.leaveWhenAsked();
    session.configure(plainConfig(config));
  };
  const create = (inputs: Dict): Promise<unknown> => underWay.tracked(() => lifecycle.create(withoutStub(inputs)));
  return {
    // Inputs of a resource have no `config`; what Pulumi configures a provider with has it, and nothing else.
    take: (request) => ("config" in request ? configure(request) : create(request)),
    configure,
    check: (olds, news) =>
      underWay.tracked(async () => {
        const { inputs, failures } = await lifecycle.check(withoutStub(olds), withoutStub(news));
        if (failures.length > 0) session.managed.isCutShort = true;
        return { inputs, failures: failures.map(engineFailure) };
      }),
    create,
    diff: (id, olds, news) => underWay.tracked(async () => lifecycle.diff(id, withoutStub(olds), withoutStub(news))),
    // Without inputs, the engine keeps those of the state.
    read: (id, props) =>
      underWay.tracked(async () => {
        const { isKnown, inputs, ...read } = await lifecycle.read(id, withoutStub(props));
        return inputs === undefined || isKnown ? read : { ...read, inputs };
      }),
    update: (id, olds, news) => underWay.tracked(() => lifecycle.update(id, withoutStub(olds), withoutStub(news))),
    delete: (id, props) => underWay.tracked(() => lifecycle.delete(id, withoutStub(props))),
  };
}

/** Without the text of the stub, which is Pulumi's own. */
function withoutStub(properties: Dict): Dict {
  const { __provider: _, ...rest } = isDict(properties) ? properties : {};
  return rest;
}

/** The configuration by full key, as text. */
function plainConfig(config: unknown): Record<string, string | undefined> {
  const get = (key: string): string | undefined => {
    const value = isDict(config) ? config[key] : (config as { get?: (key: string) => unknown } | undefined)?.get?.(key);
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  return Object.fromEntries(SETTING_NAMES.map((name) => `posthog:${name}`).map((key) => [key, get(key)]));
}

export const flow: StubCalls = stubCalls(flowLifecycle(session));
export const schedule: StubCalls = stubCalls(scheduleLifecycle(session));
