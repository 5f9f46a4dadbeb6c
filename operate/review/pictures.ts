// The pictures of a flow's messages in a comment: before and after beside each other.
import { counted } from "../words/values";
import type { Shot } from "../show/shots";
import type { Part } from "./fit";
import { details, escapeText } from "./markdown";

/** Pictures, and where CI serves their files. */
export interface Pictures {
  shots: readonly Shot[];
  address: (file: string) => string;
}

/** Few enough not to hide the rest of the comment. */
const SHOWN = 3;
const WHAT = ["set of pictures", "sets of pictures"] as const;

/** The messages of the flow with this name, the first ones in sight. */
export function pictureParts(flow: string, { shots, address }: Pictures): Part[] {
  const rows = rowsOf(shots.filter((shot) => shot.flow === flow));
  if (rows.length === 0) return [];
  const picture = (shot: Shot | undefined): string =>
    shot === undefined ? "–" : `![${escapeText(`${shot.title}, ${shot.side}`)}](${address(shot.file)})`;
  const table = (some: readonly Row[]): string =>
    [
      "| Message | Before | After |",
      "|---|---|---|",
      ...some.map(
        ({ any, before, after }) =>
          `| ${escapeText(any.title)}, for ${escapeText(any.person)} | ${picture(before)} | ${picture(after)} |`,
      ),
    ].join("\n");
  const rest = rows.slice(SHOWN);
  return [
    { text: `**How its messages look**\n\n${table(rows.slice(0, SHOWN))}`, rank: 2, what: WHAT },
    ...(rest.length === 0
      ? []
      : [{ text: details(counted(rest.length, "more message"), table(rest)), rank: 4, what: WHAT }]),
  ];
}

interface Row {
  any: Shot;
  before?: Shot;
  after?: Shot;
}

/** What belongs together has one name but for the side. */
function rowsOf(shots: readonly Shot[]): Row[] {
  const rows = new Map<string, Row>();
  for (const shot of shots) {
    const name = shot.side === "before" ? shot.file.replace(/-before\.png$/, ".png") : shot.file;
    rows.set(name, { any: shot, ...rows.get(name), [shot.side]: shot });
  }
  return [...rows.values()];
}
