// `origin_product`: where PostHog lists and edits a flow. It goes out with the creation, however a program says it, and never shows as a difference.
import { expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();
const SAID: [string, Dict, string | null][] = [
  ["not at all", {}, null],
  ["as an argument", { originProduct: "loops" }, "loops"],
  ["under extra", { extra: { origin_product: "broadcasts" } }, "broadcasts"],
];

const checked = async (it: Rig, olds: Dict, more: Dict): Promise<Dict> => {
  const { inputs, failures } = await it.flow.check(olds, inputsOf(it, more));
  expect(failures).toEqual([]);
  return inputs;
};

it.each(SAID)("is sent when the flow is created, and never again: %s", async (_, more, expected) => {
  const it = rig();
  const { id, outs } = await it.flow.create(await checked(it, {}, more));
  expect(it.emulator.flow(id)).toMatchObject({ origin_product: expected, status: "draft" });
  expect(outs["serverAdditions"]).toEqual({});
  expect(await it.flow.diff(id, outs, await checked(it, outs, more))).toMatchObject({ changes: false });
  // A change of it reaches nobody, and an update goes through: PostHog would refuse another value.
  const other = await checked(it, outs, { originProduct: expected === "loops" ? "broadcasts" : "loops" });
  expect(await it.flow.diff(id, outs, other)).toMatchObject({ changes: false });
  const updated = await it.flow.update(id, outs, { ...other, description: "New" });
  expect(it.emulator.flow(id)).toMatchObject({ origin_product: expected });
  expect((await it.flow.read(id, updated.outs)).inputs).toEqual({
    ...(await checked(it, updated.outs, more)),
    description: "New",
  });
  expect(it.warnings).toEqual([]);
});

it("is no difference in adoption", async () => {
  const it = rig();
  const { id } = await it.flow.create(await checked(it, {}, { originProduct: "loops", owner: undefined }));
  for (const [i, [, more]] of SAID.entries()) {
    const before = it.requests().length;
    await it.flow.create(await checked(it, {}, { ...more, adopt: id }));
    expect(
      it
        .requests()
        .slice(before)
        .filter((request) => !request.startsWith("GET")),
    ).toEqual(i === 0 ? ["PATCH 200"] : []);
  }
});
