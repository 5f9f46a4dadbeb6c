// The text of a Slack message as a channel shows it: its lines, quotes and blocks of code.
import type { ComponentChildren } from "preact";
import { slackPieces, unescaped, type SlackPiece } from "./slack-markup";

export function SlackText({ text }: { text: string }) {
  const blocks = text.split(/```\n?([\s\S]*?)```/);
  return (
    <div class="slack-text">
      {blocks.map((block, index) =>
        index % 2 === 1 ? <pre key={index}>{unescaped(block)}</pre> : <Lines key={index} text={block} />,
      )}
    </div>
  );
}

function Lines({ text }: { text: string }) {
  if (text.trim() === "") return null;
  return (
    <>
      {text
        .replace(/^\n|\n$/g, "")
        .split("\n")
        .map((line, index) => {
          const quoted = /^(?:>|&gt;)\s?(.*)$/.exec(line);
          return quoted ? (
            <blockquote key={index}>{shown(slackPieces(quoted[1]!))}</blockquote>
          ) : (
            <p key={index}>{line === "" ? "\u00a0" : shown(slackPieces(line))}</p>
          );
        })}
    </>
  );
}

const shown = (pieces: readonly SlackPiece[]): ComponentChildren => pieces.map(Piece);

function Piece(piece: SlackPiece): ComponentChildren {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "code":
      return <code>{piece.text}</code>;
    case "mention":
      return <span class="slack-mention">{piece.text}</span>;
    case "link":
      return (
        <span class="link-text" title={piece.url}>
          {piece.text}
        </span>
      );
    case "bold":
      return <strong>{shown(piece.pieces)}</strong>;
    case "italic":
      return <em>{shown(piece.pieces)}</em>;
    case "struck":
      return <s>{shown(piece.pieces)}</s>;
  }
}
