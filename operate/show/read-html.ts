// What a mailbox makes of the HTML of an e-mail: its links, the text that it shows beside the subject, and whether somebody has hidden that text for it.
import { Parser } from "./html-parser";

/** What was found in an HTML text. */
export interface ReadHtml {
  /** In their order, `text` in one line. */
  links: { url: string; text: string }[];
  /** The hidden text before anything that is seen; empty without one. */
  hidden: string;
  /** The beginning of what is seen, in one line. */
  visible: string;
}

/** Longest beginning, in characters: no mailbox shows more beside a subject. */
const LONGEST = 200;
const LONGEST_LINK = 200;

/** What has text that nobody reads. */
const UNREAD: ReadonlySet<string> = new Set(["head", "script", "style", "title", "template", "noscript"]);
/** What has no end. */
const VOID: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);

/** What stands in a line with the text around it. Between all others there is a space. */
const INLINE: ReadonlySet<string> = new Set(
  "a abbr b bdi bdo big cite code em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr".split(
    " ",
  ),
);

const HIDING =
  /display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])|font-size\s*:\s*[01](?![.\d])/i;
/** By its class, which a style sheet hides. */
const PREHEADER = /pre-?header|preview-?text/i;

/** An element that is open, with what is true inside of it. */
interface Element {
  name: string;
  isUnread: boolean;
  isHidden: boolean;
  link: { url: string; text: string } | undefined;
}

const hides = ({ style = "", class: classes = "", id = "", hidden }: Record<string, string>): boolean =>
  hidden !== undefined || HIDING.test(style) || PREHEADER.test(classes) || PREHEADER.test(id);

/** Never throws. */
export function readHtml(html: string): ReadHtml {
  const links: { url: string; text: string }[] = [];
  const open: Element[] = [];
  let hidden = "";
  let visible = "";
  const write = (text: string): void => {
    const { isUnread = false, isHidden = false, link } = open.at(-1) ?? {};
    if (isUnread) return;
    if (link) add(link, text);
    if (isHidden) {
      if (visible === "" && hidden.length < LONGEST) hidden = joined(hidden, text);
    } else if (visible.length < LONGEST) visible = joined(visible, text);
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (!INLINE.has(name)) write(" ");
        const outer = open.at(-1);
        if (name === "img" && outer?.link) add(outer.link, ` ${attributes["alt"] ?? ""} `);
        const url = name === "a" || name === "area" ? attributes["href"]?.trim() : undefined;
        const link = url === undefined ? undefined : { url, text: attributes["alt"] ?? "" };
        if (link) links.push(link);
        if (VOID.has(name)) return;
        open.push({
          name,
          isUnread: (outer?.isUnread ?? false) || UNREAD.has(name),
          isHidden: (outer?.isHidden ?? false) || hides(attributes),
          link: link ?? outer?.link,
        });
      },
      ontext: write,
      onclosetag(name) {
        if (!INLINE.has(name)) write(" ");
        const at = open.findLastIndex((element) => element.name === name);
        if (at >= 0) open.length = at;
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return {
    links: links.map(({ url, text }) => ({ url, text: text.trim() })),
    hidden: cut(hidden),
    visible: cut(visible),
  };
}

function add(link: { text: string }, text: string): void {
  if (link.text.length < LONGEST_LINK) link.text = joined(link.text, text);
}

/** In one line, and without the characters that only keep what follows away from a preview. */
function joined(text: string, more: string): string {
  const line = more.replace(/(?:[\s\u00ad\u200b-\u200f]|\u034f)+/g, " ");
  return text === "" || text.endsWith(" ") ? text + line.trimStart() : text + line;
}

const cut = (text: string): string => text.slice(0, LONGEST).trim();
