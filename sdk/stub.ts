// The providers that Pulumi serializes into every resource. They capture nothing of the program and load the installed package when they are called,
// so their text is short, the same for all resources of a kind, and the same in every version (PDP §1). A changed text is an update of every
// resource of every user: test/sdk/stub.test.ts pins it. Two calls with one argument share a function, `take`, because each function costs 200 bytes.
import type { dynamic } from "@pulumi/pulumi";

type Any = any;

const f = (m: string, ...a: Any[]) => { try { return require("pulumi-hogflow/provider").flow[m](...a) } catch (e: Any) { e.message = "Run: npm install pulumi-hogflow. " + e.message.split("\n")[0]; e.stack = ""; throw e } };
const s = (m: string, ...a: Any[]) => { try { return require("pulumi-hogflow/provider").schedule[m](...a) } catch (e: Any) { e.message = "Run: npm install pulumi-hogflow. " + e.message.split("\n")[0]; e.stack = ""; throw e } };

const takeFlow = (i: Any) => f("take", i);
export const flowProvider: dynamic.ResourceProvider = {
  configure: takeFlow,
  check: (o: Any, n: Any) => f("check", o, n),
  diff: (i: Any, o: Any, n: Any) => f("diff", i, o, n),
  create: takeFlow,
  read: (i: Any, p: Any) => f("read", i, p),
  update: (i: Any, o: Any, n: Any) => f("update", i, o, n),
  delete: (i: Any, p: Any) => f("delete", i, p),
};

const takeSchedule = (i: Any) => s("take", i);
export const scheduleProvider: dynamic.ResourceProvider = {
  configure: takeSchedule,
  check: (o: Any, n: Any) => s("check", o, n),
  diff: (i: Any, o: Any, n: Any) => s("diff", i, o, n),
  create: takeSchedule,
  read: (i: Any, p: Any) => s("read", i, p),
  update: (i: Any, o: Any, n: Any) => s("update", i, o, n),
  delete: (i: Any, p: Any) => s("delete", i, p),
};
