// What is stored: the text of the stub, and the state of a flow.
import { canonicalJson } from "../canonical";
import type { Figure } from "../figure";
import { flowArgs } from "../flows";
import { pairOf } from "../stacks";
import { providerTexts } from "../../support/provider-process";

const STUB_BYTES = 200;
const KILO = 1024;

export const sizes: Figure = {
  name: "size",
  what: "bytes of the stub and of a flow's state",
  async measure() {
    const { flow } = providerTexts();
    const args = flowArgs(0);
    const pair = await pairOf({ flows: [args], schedules: [] });
    try {
      const state = await pair.ours.exportState();
      const resource = state.deployment.resources.find(({ urn }: { urn: string }) => urn.endsWith("::flow-0"));
      const limit = 2 * canonicalJson(args).length + 3 * KILO;
      return [
        { name: "__provider text", unit: "B", ours: [Buffer.byteLength(flow)], goal: "≤ 200 B", limit: STUB_BYTES },
        {
          name: "state of a flow, 20 steps",
          unit: "B",
          ours: [Buffer.byteLength(JSON.stringify(resource))],
          goal: `≤ 2 × canonical JSON + 3 KB = ${limit} B`,
          limit,
        },
      ];
    } finally {
      await pair.dispose();
    }
  },
};
