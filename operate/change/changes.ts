// What a change of a flow is made of, as data: by step and by aspect, in words. Reviews, histories and drift reports print it, each in its way.

/** What a change is about. */
export type Aspect =
  "title" | "text" | "timing" | "audience" | "condition" | "wiring" | "settings" | "secret" | "status";

/** One thing that changes. Values are words for people; a long text comes as `lines`. */
export interface Change {
  aspect: Aspect;
  /** What it is: `subject`, `wait`, `leads to`. */
  label: string;
  before?: string;
  after?: string;
  /** Texts of several lines, to be shown as a line diff; an absent side is empty. */
  lines?: { before: string[]; after: string[] };
}

/** What happens to one step. */
export interface StepChange {
  id: string;
  /** Title after the change; before it, when the step is removed. */
  title: string;
  kind: "added" | "removed" | "changed";
  /** `e-mail`, `wait`, `webhook` … */
  is: string;
  /** What an added or removed step does, in one line. */
  does?: string;
  /** Titles of the steps before and after an added or removed one. */
  between?: { before: string[]; after: string[] };
  changes: Change[];
}

/** What happens to a flow. */
export interface FlowChange {
  /** Changes of the flow's own settings. */
  flow: Change[];
  steps: StepChange[];
}
