// What the list of messages counts: nothing of what a change removes, each dead link once, and drafts as what is not sent.
import { describe, expect, it } from "vitest";
import { messagesOf } from "../../show/app/message-list";
import type { MessageContent, ShowData } from "../../show/data";
import { htmlMail, pageOf } from "../support/page-files";
import { sampleShowData } from "../support/show-sample";

const DEAD = { url: "#", text: "Prices", dead: "`#` is a placeholder" };
const bad = (more: Partial<MessageContent> = {}): MessageContent =>
  htmlMail("", {
    hasUnsubscribe: false,
    links: [DEAD],
    gaps: [{ where: "html", expression: "x", shows: "" }],
    ...more,
  });

describe("faults", () => {
  it("are those of what is still sent", () => {
    const data = pageOf({ ada: bad() }, { ada: bad() });
    expect(messagesOf(data)).toMatchObject([{ side: "after", lacksUnsubscribe: true, deadLinks: [DEAD] }]);
    const removed: ShowData = {
      ...data,
      flows: data.flows.map(({ after: _after, ...flow }) => ({ ...flow, fate: "removed" })),
    };
    const [message] = messagesOf(removed);
    expect(message).toMatchObject({ side: "before", mark: "removed", lacksUnsubscribe: false, deadLinks: [] });
    expect(message!.unfilled.size).toBe(0);
    expect(message!.deliveries).toHaveLength(1);
  });

  it("are the links of all people, each once", () => {
    const other = { url: "https://acme.example/TODO", text: "Buy", dead: "it is a placeholder" };
    const [message] = messagesOf(pageOf({ ada: bad(), bob: bad({ links: [DEAD, other], text: "other" }) }));
    expect(message!.deadLinks).toEqual([DEAD, other]);
  });

  it("are not of a transactional message without an unsubscribe link, which needs none", () => {
    const [message] = messagesOf(pageOf({ ada: bad({ category: { type: "transactional" } }) }));
    expect(message).toMatchObject({ lacksUnsubscribe: false, needsNoUnsubscribe: true });
  });
});

it("knows which are of a draft", () => {
  const drafts = messagesOf(sampleShowData()).filter(({ isDraft }) => isDraft);
  expect(drafts.map(({ step }) => step.id)).toEqual(["reminder", "nudge"]);
});
