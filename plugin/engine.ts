// The engine's log: what a plugin writes to its own output is hidden, so every message goes here, under the resource that it is about.
import { AsyncLocalStorage } from "node:async_hooks";
import { Client, credentials } from "@grpc/grpc-js";
import { engineText } from "../provider/errors";
import { LOG, SEVERITY } from "./protocol";
import { encode, type Encoded } from "./wire/messages";

/** The call that is running: the resource that it is about, and what it has said. */
const call = new AsyncLocalStorage<{ urn: string; said: Promise<void>[] }>();

/** Runs a call about a resource. What it says is there before its answer. */
export function underResource<T>(urn: string, work: () => Promise<T>): Promise<T> {
  const said: Promise<void>[] = [];
  return call.run({ urn, said }, async () => {
    try {
      return await work();
    } finally {
      await Promise.all(said);
    }
  });
}

export class EngineLog {
  private client: Client | undefined;

  /** @param address Host and port of the engine. */
  connect(address: string): void {
    this.client?.close();
    this.client = new Client(address, credentials.createInsecure());
  }

  /** Resolves once the engine has the message; where there is no engine, it goes to the standard error. */
  say(severity: "warning" | "info", message: string): Promise<void> {
    const { client } = this;
    const text = engineText(message);
    if (client === undefined) {
      console.error(text);
      return Promise.resolve();
    }
    const about = call.getStore();
    const said = { severity: SEVERITY[severity], message: text, urn: about?.urn ?? "" };
    // An engine that is gone listens to nobody.
    const isThere = new Promise<void>((resolve) =>
      client.makeUnaryRequest(LOG.path, encodeLog, unread, said, () => resolve()),
    );
    about?.said.push(isThere);
    return isThere;
  }
}

const unread = (): void => undefined;
const encodeLog = (said: Encoded<typeof LOG.message>): Buffer => encode(LOG.message, said);
