// The engine's log: what a plugin writes to its own output is hidden, so every message goes here, under the resource that it is about.
import { AsyncLocalStorage } from "node:async_hooks";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { engineText } from "../provider/errors";

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
  private client: EngineClient | undefined;

  /** @param address Host and port of the engine. */
  connect(address: string): void {
    this.client?.close();
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /** Resolves once the engine has the message; where there is no engine, it goes to the standard error. */
  say(severity: "warning" | "info", message: string): Promise<void> {
    const { client } = this;
    const text = engineText(message);
    if (client === undefined) {
      console.error(text);
      return Promise.resolve();
    }
    const request = new LogRequest();
    request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
    request.setMessage(text);
    const about = call.getStore();
    request.setUrn(about?.urn ?? "");
    // An engine that is gone listens to nobody.
    const isThere = new Promise<void>((resolve) => client.log(request, () => resolve()));
    about?.said.push(isThere);
    return isThere;
  }
}
