// What a program talks to when it runs without an engine: Pulumi's two services for programs, over a real socket, as the engine has them. Nothing is created:
// each resource is answered as a preview answers it, with its own inputs and with everything else unknown. Pulumi's generated stubs have no types here.
import { createRequire } from "node:module";
import { isMarked, UNKNOWN, type Dict } from "../../definition/canonical/values";

/** A resource that the program registered. */
export interface RegisteredResource {
  type: string;
  name: string;
  urn: string;
  /** As a provider gets them: secrets in clear, unknown values as markers. */
  inputs: Dict;
  /** URNs of the resources that each of its properties depends on. */
  dependencies: Readonly<Record<string, readonly string[]>>;
  /** Whether it has the resource option \`protect\`. */
  isProtected: boolean;
  /** Frames of the stack of its constructor, the innermost first; of a file, line and column. */
  frames: { file: string; line: number; column: number }[];
}

/** What happens while the program runs, in its order. */
interface ProgramEvents {
  /** A custom resource; never one that is only read. */
  resource(resource: RegisteredResource): void;
  /** A message of the program or of Pulumi's SDK. */
  log(message: { severity: "error" | "warning"; text: string }): void;
  /** The program begins. */
  started(): void;
  /** The program has run to its end, and its stack has its outputs. */
  finished(): void;
}

export interface Monitor {
  address: string;
  stop(): void;
}

export interface MonitorOptions {
  project: string;
  stack: string;
  events: ProgramEvents;
}

/** A message of protobuf, of which only a few getters and setters are used. */
type Message = Record<string, (...values: any[]) => any>;
type Handler = (call: { request: Message }, answer: (error: object | null, message?: Message) => void) => void;

/** Loaded when a program is run: every other command would wait for it. */
function pulumiModules() {
  const require = createRequire(__filename);
  // Pulumi's own dependencies are found from where it is.
  const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  return {
    grpc: ofPulumi("@grpc/grpc-js"),
    struct: ofPulumi("google-protobuf/google/protobuf/struct_pb.js"),
    empty: ofPulumi("google-protobuf/google/protobuf/empty_pb.js"),
    resource: require("@pulumi/pulumi/proto/resource_pb.js"),
    resourceService: require("@pulumi/pulumi/proto/resource_grpc_pb.js"),
    provider: require("@pulumi/pulumi/proto/provider_pb.js"),
    engine: require("@pulumi/pulumi/proto/engine_pb.js"),
    engineService: require("@pulumi/pulumi/proto/engine_grpc_pb.js"),
    callback: require("@pulumi/pulumi/proto/callback_pb.js"),
    callbackService: require("@pulumi/pulumi/proto/callback_grpc_pb.js"),
  };
}

const STACK = "pulumi:pulumi:Stack";
const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Starts both services on a free port of this machine. */
export async function startMonitor({ project, stack, events }: MonitorOptions): Promise<Monitor> {
  const pulumi = pulumiModules();
  const empty = (): Message => new pulumi.empty.Empty();
  const structOf = (values: Dict): Message => pulumi.struct.Struct.fromJavaScript(values);
  let root = "";
  let packages = 0;
  const stackTransforms: Message[] = [];

  const urnOf = (type: string, name: string, parent: string): string => {
    const parentType = parent === "" ? undefined : parent.split("::")[2];
    const qualified = parentType === undefined || parentType === STACK ? type : `${parentType}$${type}`;
    return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
  };

  /** Runs the transforms of a resource and of the stack, which are functions of the program. */
  async function transformed(request: Message): Promise<Message> {
    let properties: Message = request["getObject"]!() ?? structOf({});
    for (const transform of [...request["getTransformsList"]!(), ...stackTransforms] as Message[]) {
      const asked = new pulumi.resource.TransformRequest();
      asked.setType(request["getType"]!());
      asked.setName(request["getName"]!());
      asked.setCustom(request["getCustom"]!());
      asked.setParent(request["getParent"]!());
      asked.setProperties(properties);
      asked.setOptions(new pulumi.resource.TransformResourceOptions());
      const call = new pulumi.callback.CallbackInvokeRequest();
      call.setToken(transform["getToken"]!());
      call.setRequest(asked.serializeBinary());
      const client = new pulumi.callbackService.CallbacksClient(
        transform["getTarget"]!(),
        pulumi.grpc.credentials.createInsecure(),
      );
      const answer = await new Promise<Message>((resolve, reject) =>
        client.invoke(call, (error: Error | null, message: Message) => (error ? reject(error) : resolve(message))),
      ).finally(() => client.close());
      properties =
        pulumi.resource.TransformResponse.deserializeBinary(answer["getResponse"]!()).getProperties() ?? properties;
    }
    return properties;
  }

  const register: Handler = ({ request }, answer) => {
    void transformed(request).then(
      (properties) => {
        const [type, name] = [String(request["getType"]!()), String(request["getName"]!())];
        const urn = urnOf(type, name, request["getParent"]!());
        if (request["getCustom"]!())
          events.resource({
            type,
            name,
            urn,
            inputs: asProviderGets(properties["toJavaScript"]!()) as Dict,
            dependencies: dependenciesOf(request),
            isProtected: request["getProtect"]!() === true,
            frames: framesOf(request),
          });
        const response = new pulumi.resource.RegisterResourceResponse();
        response.setUrn(urn);
        response.setObject(properties);
        answer(null, response);
      },
      (error: Error) => answer({ code: pulumi.grpc.status.UNKNOWN, details: error.message }),
    );
  };

  const read: Handler = ({ request }, answer) => {
    const response = new pulumi.resource.ReadResourceResponse();
    response.setUrn(urnOf(request["getType"]!(), request["getName"]!(), request["getParent"]!()));
    response.setProperties(request["getProperties"]!());
    answer(null, response);
  };

  /** One unknown value makes the whole result unknown, where it is an output. */
  const unknownResult = (response: Message): Message => {
    response["setReturn"]!(structOf({ unknown: UNKNOWN }));
    return response;
  };

  const monitor: Record<string, Handler> = {
    supportsFeature: (_, answer) => {
      const response = new pulumi.resource.SupportsFeatureResponse();
      response.setHassupport(true);
      answer(null, response);
    },
    registerResource: register,
    readResource: read,
    registerResourceOutputs: ({ request }, answer) => {
      if (String(request["getUrn"]!()).split("::")[2] === STACK) events.finished();
      answer(null, empty());
    },
    invoke: (_, answer) => answer(null, unknownResult(new pulumi.provider.InvokeResponse())),
    call: (_, answer) => answer(null, unknownResult(new pulumi.provider.CallResponse())),
    registerStackTransform: ({ request }, answer) => {
      stackTransforms.push(request);
      answer(null, empty());
    },
    registerStackInvokeTransform: (_, answer) => answer(null, empty()),
    registerResourceHook: (_, answer) => answer(null, empty()),
    registerErrorHook: (_, answer) => answer(null, empty()),
    registerPackage: (_, answer) => {
      const response = new pulumi.resource.RegisterPackageResponse();
      response.setRef(String((packages += 1)));
      answer(null, response);
    },
    signalAndWaitForShutdown: (_, answer) => answer(null, empty()),
  };

  const engine: Record<string, Handler> = {
    log: ({ request }, answer) => {
      const { ERROR, WARNING } = pulumi.engine.LogSeverity;
      const severity: unknown = request["getSeverity"]!();
      if (severity === ERROR || severity === WARNING)
        events.log({ severity: severity === ERROR ? "error" : "warning", text: String(request["getMessage"]!()) });
      answer(null, empty());
    },
    getRootResource: (_, answer) => {
      const response = new pulumi.engine.GetRootResourceResponse();
      response.setUrn(root);
      answer(null, response);
    },
    setRootResource: ({ request }, answer) => {
      root = request["getUrn"]!();
      events.started();
      answer(null, new pulumi.engine.SetRootResourceResponse());
    },
    startDebugging: (_, answer) => answer(null, empty()),
    requirePulumiVersion: (_, answer) => answer(null, new pulumi.engine.RequirePulumiVersionResponse()),
  };

  const server = new pulumi.grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(pulumi.resourceService.ResourceMonitorService, monitor);
  server.addService(pulumi.engineService.EngineService, engine);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(
      "127.0.0.1:0",
      pulumi.grpc.ServerCredentials.createInsecure(),
      (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound)),
    ),
  );
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

/** The engine hands over secrets in clear, a reference to a resource as its id, and an output as its value (PDP §4). */
function asProviderGets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asProviderGets);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Dict;
  if (isMarked(map)) return asProviderGets(map["value"]);
  if (map[SIGNATURE] === OUTPUT_VALUE) return "value" in map ? asProviderGets(map["value"]) : UNKNOWN;
  if (map[SIGNATURE] === RESOURCE_REFERENCE) return map["id"] || UNKNOWN;
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, asProviderGets(item)]));
}

function dependenciesOf(request: Message): RegisteredResource["dependencies"] {
  const found: Record<string, readonly string[]> = {};
  (request["getPropertydependenciesMap"]!() as Message)["forEach"]!((of: Message, property: string) => {
    found[property] = of["getUrnsList"]!() as string[];
  });
  return found;
}

function framesOf(request: Message): RegisteredResource["frames"] {
  const stack = request["getStacktrace"]?.() as Message | undefined;
  const positions = (stack?.["getFramesList"]!() as Message[] | undefined)?.map((frame) => frame["getPc"]!()) ?? [
    request["getSourceposition"]?.(),
  ];
  return (positions as (Message | undefined)[]).flatMap((position) => {
    const uri = position?.["getUri"]!();
    return typeof uri === "string" && uri !== ""
      ? [{ file: uri, line: Number(position!["getLine"]!()), column: Number(position!["getColumn"]!()) }]
      : [];
  });
}
