// The lifecycle of flows behind the plugin's service, for runs by the thousand: every call goes in and out as the bytes of Pulumi's protocol. What is left out is the connection, which the
// suite plugin has.
import { Metadata } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { systemClock } from "../../api";
import type { Dict } from "../../definition/canonical/values";
import { PLUGIN_TYPES } from "../../definition/resource-types";
import { PROVIDER_SERVICE } from "../../plugin/protocol";
import { ProviderServer } from "../../plugin/server";
import type { Lifecycle } from "../../provider/calls";
import { providerError } from "../support/provider-process";

type Method = "check" | "diff" | "create" | "read" | "update" | "delete";
type Handler = (call: object, callback: (error: object | null, answer?: unknown) => void) => void;

const URN = `urn:pulumi:dev::shop::${PLUGIN_TYPES.flow}::unnamed`;

const struct = (properties: Dict): Struct => Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
const dict = (from: Struct | undefined): Dict | undefined => from?.toJavaScript();

/** @param engine Address of the engine's service, which takes the messages. */
export function pluginLifecycle(env: Readonly<Record<string, string>>, engine: string): Lifecycle {
  const provider = new ProviderServer({ env, clock: { ...systemClock }, exit: () => undefined });
  provider.connect(engine);
  const handlers = provider.service() as unknown as Record<Method, Handler>;
  const call = <Request, Answer>(method: Method, request: Request): Promise<Answer> => {
    const { requestSerialize, responseDeserialize } = ResourceProviderService[method] as any;
    const { requestDeserialize, responseSerialize } = PROVIDER_SERVICE[method] as any;
    return new Promise((resolve, reject) =>
      handlers[method](
        { request: requestDeserialize(requestSerialize(request)), metadata: new Metadata() },
        (error, answer) =>
          error ? reject(providerError(error)) : resolve(responseDeserialize(responseSerialize(answer))),
      ),
    );
  };
  return {
    async check(olds, news) {
      const request = new proto.CheckRequest();
      request.setUrn(URN);
      request.setOlds(struct(olds));
      // All flows of the matrix are of one resource, so none has an owner.
      request.setNews(struct({ ...news, marker: false }));
      const answer = await call<proto.CheckRequest, proto.CheckResponse>("check", request);
      const failures = answer
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
      return { inputs: dict(answer.getInputs())!, failures, findings: [] };
    },
    async diff(id, olds, news) {
      const request = new proto.DiffRequest();
      request.setUrn(URN);
      request.setId(id);
      request.setOlds(struct(olds));
      request.setNews(struct(news));
      const answer = await call<proto.DiffRequest, proto.DiffResponse>("diff", request);
      const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
      const changes = answer.getChanges();
      return {
        ...(changes === DIFF_NONE || changes === DIFF_SOME ? { changes: changes === DIFF_SOME } : {}),
        causes: [...answer.getDetaileddiffMap().keys()],
        replaces: answer.getReplacesList(),
      };
    },
    async create(inputs) {
      const request = new proto.CreateRequest();
      request.setUrn(URN);
      request.setProperties(struct(inputs));
      const answer = await call<proto.CreateRequest, proto.CreateResponse>("create", request);
      return { id: answer.getId(), outs: dict(answer.getProperties())! };
    },
    async read(id, props) {
      const request = new proto.ReadRequest();
      request.setUrn(URN);
      request.setId(id);
      request.setProperties(struct(props));
      const answer = await call<proto.ReadRequest, proto.ReadResponse>("read", request);
      const [properties, inputs] = [dict(answer.getProperties()), dict(answer.getInputs())];
      return {
        id: answer.getId(),
        ...(properties ? { props: properties } : {}),
        ...(inputs ? { inputs } : { isKnown: true }),
      };
    },
    async update(id, olds, news) {
      const request = new proto.UpdateRequest();
      request.setUrn(URN);
      request.setId(id);
      request.setOlds(struct(olds));
      request.setNews(struct(news));
      return {
        outs: dict((await call<proto.UpdateRequest, proto.UpdateResponse>("update", request)).getProperties())!,
      };
    },
    async delete(id, props) {
      const request = new proto.DeleteRequest();
      request.setUrn(URN);
      request.setId(id);
      request.setProperties(struct(props));
      await call("delete", request);
    },
  };
}
