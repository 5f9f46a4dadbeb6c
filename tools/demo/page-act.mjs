// The act of `--show`: the page that people read who read no code, with a change, an edit in PostHog, and what everybody gets.
import { existsSync, readFileSync, statSync } from "node:fs";
import { changeSubject } from "./code-change.mjs";
import { contentOf, liveFlows, subjectOf } from "./world.mjs";

const EDITED_SUBJECT = "How is it going?";
const MOST_BYTES = 5_000_000;

/** Writes the page to `file`. @returns {import("./perform.mjs").Act} */
export function pageAct(file) {
  return {
    title: "The page for people who read no code",
    why:
      "A subject changes in code, and a colleague edits another one in PostHog. Neither is deployed or taken over. One page shows both: each flow with its drawing, each e-mail as its recipient sees it, " +
      "before and after, and a calendar of who gets what and when. It is one file that asks nobody for anything.",
    expected: "one page, with change and edit",
    prepare(world, narrator) {
      const { weekly } = liveFlows(world);
      const mail = mailOf(weekly);
      world.page = {
        weekly: contentOf(weekly),
        subject: subjectOf(mail),
        preview: `${world.sandbox.root}/preview.json`,
      };
      setSubject(world, EDITED_SUBJECT);
      narrator.edits([{ where: `${mail.name}, subject`, from: world.page.subject, to: EDITED_SUBJECT }]);
      narrator.codeChange(world.sandbox.program, changeSubject(world.sandbox.program));
    },
    commands: (world) => [
      { args: ["preview", "--json", "--show-sames"], into: world.page.preview, requests: {} },
      {
        tool: "hogflow",
        args: ["show", "--preview", world.page.preview, "--drift", "--out", file],
        requests: { reads: 7 },
        says: [`Wrote ${file}`, "2 flows, 3 messages"],
      },
    ],
    check(world) {
      const isPage = existsSync(file) && readFileSync(file, "utf8").startsWith("<!doctype html>");
      const size = isPage ? statSync(file).size : 0;
      setSubject(world, world.page.subject);
      return [
        !isPage && `there is no page in ${file}`,
        size > MOST_BYTES && `the page has ${size} bytes, and not at most ${MOST_BYTES}`,
        contentOf(liveFlows(world).weekly) !== world.page.weekly &&
          "the weekly flow is not what it was before the edit",
      ];
    },
  };
}

const mailOf = (flow) => flow.actions.find(({ type }) => type === "function_email");

function setSubject(world, subject) {
  world.emulator.ui.edit(liveFlows(world).weekly.id, (flow) => {
    mailOf(flow).config.inputs.email.value.subject = subject;
  });
}
