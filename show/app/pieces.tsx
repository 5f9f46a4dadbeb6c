// A text in pieces, some of them marked.
import type { Piece } from "./changed-words";

/** `gap`: is sent in place of what is not known; `ins` and `del`: a change adds or removes it. */
export type PieceMark = "gap" | "ins" | "del";

export function Pieces({ pieces, mark }: { pieces: readonly Piece[]; mark: PieceMark }) {
  const Tag = mark === "gap" ? "mark" : mark;
  return (
    <>
      {pieces.map(({ text, isMarked, title }, index) =>
        isMarked ? (
          <Tag key={index} class={mark === "gap" ? "gap" : undefined} title={title}>
            {text}
          </Tag>
        ) : (
          text
        ),
      )}
    </>
  );
}
