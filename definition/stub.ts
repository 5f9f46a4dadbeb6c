// The text that Pulumi's dynamic provider evaluates for each resource of ours: it loads the installed package, and nothing else. Pulumi would write one
// itself from an object of functions, of two thousand characters, and load TypeScript for it. It is in each state twice, and says what every later version
// must answer to (PDP §1), so test/sdk/stub.test.ts pins it.

const text = (kind: "flow" | "schedule"): string =>
  `exports.handler=()=>{try{return require("pulumi-hogflow/provider").${kind}}catch(e){e.message="Run: npm install pulumi-hogflow. "+e.message.split("\\n")[0];e.stack="";throw e}}`;

/** The property under which Pulumi's dynamic provider looks for the text, of a flow and of a schedule. */
export const FLOW_STUB = { __provider: text("flow") };
export const SCHEDULE_STUB = { __provider: text("schedule") };
