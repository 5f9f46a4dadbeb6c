// A message before and after a change, with the words that differ marked.
import type { MessageContent } from "../data";

interface Props {
  /** Absent: the change adds it. */
  before?: MessageContent;
  /** Absent: the change removes it. */
  after?: MessageContent;
}

export function ChangedMessage({ before, after }: Props) {
  return <p>{(after ?? before)?.subject}</p>;
}
