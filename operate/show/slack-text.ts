// A Slack message as a reader sees it: the text, or the texts of its blocks in their order, and the links in them.
import { isDict, own } from "../../definition/canonical/values";

export interface SlackText {
  text: string;
  links: { url: string; text: string }[];
}

/** Texts of blocks, and what is inside of them; deeper ones than this nobody writes. */
const DEEPEST = 8;

/** `blocks` win over `text`, which is then only what a notification shows. */
export function slackText({ text, blocks }: { text?: unknown; blocks?: unknown }): SlackText {
  const links: SlackText["links"] = [];
  const lines = Array.isArray(blocks) ? blocks.flatMap((block) => linesOf(block, links, 0)) : [];
  const shown = lines.length > 0 ? lines.join("\n") : typeof text === "string" ? text : "";
  for (const [, url = "", label] of shown.matchAll(/<([^<>|\s]+)(?:\|([^<>]*))?>/g))
    // `<@U1>` and `<!here>` are people and channels.
    if (!/^[@#!]/.test(url)) links.push({ url, text: label ?? url });
  return { text: shown, links };
}

function linesOf(block: unknown, links: SlackText["links"], depth: number): string[] {
  if (typeof block === "string") return [block];
  if (!isDict(block) || depth > DEEPEST) return [];
  const { type, text, fields, elements, accessory, alt_text: alt, url } = block;
  if (type === "divider") return ["———"];
  const own = textOf(text);
  if (typeof url === "string" && type === "button") links.push({ url, text: own });
  return [
    ...(own === "" ? [] : [type === "button" ? `[${own}]` : own]),
    ...(type === "image" && typeof alt === "string" ? [`[image: ${alt}]`] : []),
    ...[fields, elements, accessory === undefined ? [] : [accessory]].flatMap((list) =>
      Array.isArray(list) ? list.flatMap((item) => linesOf(item, links, depth + 1)) : [],
    ),
  ];
}

const textOf = (text: unknown): string => {
  const inner = typeof text === "string" ? text : own(text, "text");
  return typeof inner === "string" ? inner : "";
};
