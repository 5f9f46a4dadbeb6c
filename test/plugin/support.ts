// Calls of the plugin's service with properties as programs of any language give them: secrets carry their marks, and the engine says which resource it is.
import { createRequire } from "node:module";
import type { Properties, ProviderProcess } from "../support/provider-process";

const require = createRequire(import.meta.url);
// Pulumi's generated stubs have no types that fit a test.
const struct: any = require("google-protobuf/google/protobuf/struct_pb.js");
const empty: any = require("google-protobuf/google/protobuf/empty_pb.js");
const messages: any = require("@pulumi/pulumi/proto/provider_pb.js");

const TYPES = { flow: "hogflow:index:HogFlow", schedule: "hogflow:index:HogFlowSchedule" };
export const urnOf = (name: string, kind: keyof typeof TYPES = "flow"): string =>
  `urn:pulumi:dev::shop::${TYPES[kind]}::${name}`;

const toStruct = (properties: Properties): any => struct.Struct.fromJavaScript(properties);
const fromStruct = (value: any): Properties | undefined => value?.toJavaScript();

/** The service as the engine calls it for one resource. */
export class Caller {
  constructor(
    readonly provider: ProviderProcess,
    readonly urn: string,
  ) {}

  private request(name: string): any {
    const request = new messages[name]();
    request.setUrn(this.urn);
    return request;
  }

  async check(news: Properties, olds: Properties = {}): Promise<{ inputs: Properties; failures: string[] }> {
    const request = this.request("CheckRequest");
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const answer = await this.provider.call("check", request);
    return {
      inputs: fromStruct(answer.getInputs())!,
      failures: answer.getFailuresList().map((failure: any) => failure.getReason()),
    };
  }

  async diff(id: string, olds: Properties, news: Properties) {
    const request = this.request("DiffRequest");
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const answer = await this.provider.call("diff", request);
    return {
      changes: ["unknown", "none", "some"][answer.getChanges()],
      replaces: answer.getReplacesList() as string[],
      detailed: [...answer.getDetaileddiffMap().keys()] as string[],
    };
  }

  async create(inputs: Properties, preview = false): Promise<{ id: string; outputs: Properties }> {
    const request = this.request("CreateRequest");
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    const answer = await this.provider.call("create", request);
    return { id: answer.getId(), outputs: fromStruct(answer.getProperties())! };
  }

  async update(id: string, olds: Properties, news: Properties, preview = false): Promise<Properties> {
    const request = this.request("UpdateRequest");
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    request.setPreview(preview);
    return fromStruct((await this.provider.call("update", request)).getProperties())!;
  }

  /** Without a state, an import. */
  async read(id: string, state?: Properties) {
    const request = this.request("ReadRequest");
    request.setId(id);
    if (state) request.setProperties(toStruct(state));
    const answer = await this.provider.call("read", request);
    return {
      id: answer.getId() as string,
      outputs: fromStruct(answer.getProperties()),
      inputs: fromStruct(answer.getInputs()),
    };
  }

  async delete(id: string, state: Properties): Promise<void> {
    const request = this.request("DeleteRequest");
    request.setId(id);
    request.setProperties(toStruct(state));
    await this.provider.call("delete", request);
  }

  /** A call about the provider itself. */
  async config(method: "checkConfig" | "diffConfig", news: Properties, olds: Properties = {}): Promise<any> {
    const request = this.request(method === "checkConfig" ? "CheckRequest" : "DiffRequest");
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const answer = await this.provider.call(method, request);
    return method === "diffConfig"
      ? { changes: answer.getChanges(), replaces: answer.getReplacesList() }
      : {
          inputs: fromStruct(answer.getInputs()),
          failures: answer.getFailuresList().map((failure: any) => failure.getReason()),
        };
  }
}

/** A call without arguments. */
export const ask = (
  provider: ProviderProcess,
  method: "cancel" | "getPluginInfo" | "handshake" | "getSchema",
): Promise<any> =>
  provider.call(
    method,
    method === "handshake"
      ? new messages.ProviderHandshakeRequest()
      : method === "getSchema"
        ? new messages.GetSchemaRequest()
        : new empty.Empty(),
  );
