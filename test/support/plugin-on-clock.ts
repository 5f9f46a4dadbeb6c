// The plugin on a clock that a test moves. It serves as plugin/main.ts does, from one file that is bundled in the same way; and each run that begins has a provider that knows
// nothing of the ones before, as a process of its own would. A run begins and ends by what the calls carry beside their messages.
import { Server, ServerCredentials, type ServiceError, type ServerUnaryCall } from "@grpc/grpc-js";
import { systemClock } from "../../api";
import { PROVIDER_SERVICE } from "../../plugin/protocol";
import { ProviderServer } from "../../plugin/server";
import { keptIn } from "../bench/file-clock.cjs";
import { leaping } from "../fuzz/leaping-clock.cjs";

type Call = ServerUnaryCall<unknown, unknown>;
type Callback = (error: ServiceError | null, answer?: unknown) => void;
type Handler = (call: Call, callback: Callback) => void;

const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

const file = process.env["HOGFLOW_BENCH_CLOCK"];
const clock = { ...systemClock };
const leap = file === undefined ? leaping(clock) : undefined;
if (file !== undefined) keptIn(clock, file);

let handlers: Record<string, Handler> = {};

function begin(): void {
  process.removeAllListeners("SIGINT");
  // It stays for the next run.
  const provider = new ProviderServer({ env: process.env, clock, exit: () => undefined });
  provider.connect(process.argv[2]!);
  provider.underWay.leaveWhenAsked();
  handlers = provider.service() as unknown as Record<string, Handler>;
}

/** The engine asks the provider to leave. It says what it has to say. */
function end(): void {
  process.emit("SIGINT");
}

/** A call as it comes in, once what it carries has been done. */
const served =
  (name: string): Handler =>
  (call, callback) => {
    const [begins] = call.metadata.get("hogflow-run-begins");
    if (begins !== undefined) {
      leap?.set(Number(begins));
      process.env["PULUMI_NODEJS_PROJECT"] = String(call.metadata.get("hogflow-run-of")[0]);
      begin();
    }
    const ends = call.metadata.get("hogflow-run-ends").length > 0;
    handlers[name]!(call, (error, answer) => {
      if (ends) end();
      callback(error, answer);
    });
  };

begin();
const server = new Server(UNLIMITED);
server.addService(PROVIDER_SERVICE, Object.fromEntries(Object.keys(handlers).map((name) => [name, served(name)])));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
