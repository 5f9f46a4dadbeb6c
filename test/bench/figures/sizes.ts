// What is stored: the text of the stub, and the state of a flow.
import { canonicalJson } from "../canonical";
import type { Figure } from "../figure";
import { flowArgs } from "../flows";
import { pairsOf, type Pair } from "../stacks";
import { providerTexts } from "../../support/provider-process";

const STUB_BYTES = 200;
const KILO = 1024;
/** Of the plugin to the dynamic provider. */
const PLUGIN_LIMIT = 1;

async function stateOf(pair: Pair): Promise<number> {
  const { deployment } = await pair.ours.exportState();
  const resource = deployment.resources.find(({ urn }: { urn: string }) => urn.endsWith("::flow-0"));
  return Buffer.byteLength(JSON.stringify(resource));
}

export const sizes: Figure = {
  name: "size",
  what: "bytes of the stub and of a flow's state",
  async measure() {
    const { flow } = providerTexts();
    const args = flowArgs(0);
    const { dynamic, plugin, dispose } = await pairsOf({ flows: [args], schedules: [] });
    try {
      const limit = 2 * canonicalJson(args).length + 3 * KILO;
      return [
        { name: "__provider text", unit: "B", ours: [Buffer.byteLength(flow)], goal: "≤ 200 B", limit: STUB_BYTES },
        {
          name: "state of a flow, 20 steps",
          unit: "B",
          ours: [await stateOf(dynamic)],
          plugin: { ours: [await stateOf(plugin)], limit: PLUGIN_LIMIT },
          goal: `≤ 2 × canonical JSON + 3 KB = ${limit} B`,
          limit,
        },
      ];
    } finally {
      await dispose();
    }
  },
};
