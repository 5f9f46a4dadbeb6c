// The executable `pulumi-resource-hogflow`: serves the provider on a port of this machine, which it prints, and ends when the engine asks it to.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { nameSettingsUnder } from "../definition/setting-names";
import { PLUGIN_PACKAGE } from "../definition/resource-types";
import { PROVIDER_SERVICE } from "./protocol";
import { ProviderServer } from "./server";

const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

nameSettingsUnder(PLUGIN_PACKAGE);
const server = new Server(UNLIMITED);
// The last answers are on their way: on a busy machine, they may need longer than anybody would wait for nothing.
const provider = new ProviderServer({
  env: process.env,
  exit: () => server.tryShutdown(() => process.exit()),
});
const engine = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
if (engine !== undefined) provider.connect(engine);
provider.underWay.leaveWhenAsked();
server.addService(PROVIDER_SERVICE, provider.service());
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
