// The providers that Pulumi serializes into every resource. They capture nothing of the program and load the installed package when they are called,
// so their text is short, the same for all resources of a kind, and the same in every version (PDP §1). A changed text is an update of every
// resource of every user: test/sdk/stub.test.ts pins it. It is in each state twice, so it is short: a function costs 200 bytes, a named parameter 15, and an
// indented line four.
import type { dynamic } from "@pulumi/pulumi";

type Any = any;

const f = (m: string, a: Any[]) => { try { return require("pulumi-hogflow/provider").flow[m](...a); } catch (e: Any) { e.message = "Run: npm install pulumi-hogflow. " + e.message.split("\n")[0]; e.stack = ""; throw e; } };
const s = (m: string, a: Any[]) => { try { return require("pulumi-hogflow/provider").schedule[m](...a); } catch (e: Any) { e.message = "Run: npm install pulumi-hogflow. " + e.message.split("\n")[0]; e.stack = ""; throw e; } };

export const flowProvider: dynamic.ResourceProvider = {
  configure: (...a: Any) => f("configure", a),
  check: (...a: Any) => f("check", a),
  diff: (...a: Any) => f("diff", a),
  create: (...a: Any) => f("create", a),
  read: (...a: Any) => f("read", a),
  update: (...a: Any) => f("update", a),
  delete: (...a: Any) => f("delete", a),
};

export const scheduleProvider: dynamic.ResourceProvider = {
  configure: (...a: Any) => s("configure", a),
  check: (...a: Any) => s("check", a),
  diff: (...a: Any) => s("diff", a),
  create: (...a: Any) => s("create", a),
  read: (...a: Any) => s("read", a),
  update: (...a: Any) => s("update", a),
  delete: (...a: Any) => s("delete", a),
};
