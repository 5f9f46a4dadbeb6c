// Slack's markup, as far as messages of workflows use it: bold, italic, struck out, code, links, people and channels, and the emoji that such messages have.
import { emojiOf } from "./slack-emoji";

/** What a line is made of. */
export type SlackPiece =
  | { kind: "text" | "code" | "mention"; text: string }
  | { kind: "link"; text: string; url: string }
  | { kind: "bold" | "italic" | "struck"; pieces: SlackPiece[] };

/** Signs count only at the edge of a word: `snake_case_name` is not italic. */
const INLINE =
  /`([^`\n]+)`|<([^<>|\n]+)(?:\|([^<>\n]*))?>|(?<![\p{L}\p{N}])([*_~])(?!\s)([^\n]+?)(?<!\s)\4(?![\p{L}\p{N}])/u;
const EMPHASIS = { "*": "bold", _: "italic", "~": "struck" } as const;

/** A line, or a part of it. */
export function slackPieces(text: string): SlackPiece[] {
  const pieces: SlackPiece[] = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found !== null; found = INLINE.exec(rest)) {
    const [whole, code, target, label, sign, inner] = found;
    if (found.index > 0) pieces.push(textPiece(rest.slice(0, found.index)));
    pieces.push(
      code !== undefined
        ? { kind: "code", text: unescaped(code) }
        : target !== undefined
          ? targetPiece(target, label)
          : { kind: EMPHASIS[sign as keyof typeof EMPHASIS], pieces: slackPieces(inner!) },
    );
    rest = rest.slice(found.index + whole.length);
  }
  if (rest !== "") pieces.push(textPiece(rest));
  return pieces;
}

const textPiece = (text: string): SlackPiece => ({ kind: "text", text: withEmoji(unescaped(text)) });

/** `<https://…|name>`, `<@U1>`, `<#C1|general>`, `<!here>`. */
function targetPiece(target: string, label: string | undefined): SlackPiece {
  const sign = target[0]!;
  return "@#!".includes(sign)
    ? { kind: "mention", text: `${sign === "!" ? "@" : sign}${unescaped(label || target.slice(1))}` }
    : { kind: "link", text: withEmoji(unescaped(label || target)), url: unescaped(target) };
}

/** The text that is read, without signs, for where only a few words have room. */
export const plainSlack = (text: string): string =>
  text
    .replace(/```/g, "")
    .split("\n")
    .map((line) => slackPieces(line).map(pieceText).join(""))
    .join("\n");

const pieceText = (piece: SlackPiece): string =>
  "pieces" in piece ? piece.pieces.map(pieceText).join("") : piece.text;

/** An emoji of another name, such as one of the workspace's own, stays as it is written. */
const withEmoji = (text: string): string =>
  text.replace(/:([a-z\d_+-]+):/g, (name, word: string) => emojiOf(word) ?? name);

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
export const unescaped = (text: string): string => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]!);
