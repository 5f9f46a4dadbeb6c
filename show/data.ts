// What a page of `hogflow show` holds, as plain JSON: made by operate/show, drawn by show/app. Texts are as they are in the flow or as a recipient reads them,
// without markup, and nothing here is safe to put into HTML unescaped.

/** The two sides of a change. A page without a change has `after` alone. */
export type Side = "before" | "after";

/** A page. */
export interface ShowData {
  /** Of the page: project and stack, or the file. */
  title: string;
  /** ISO in UTC: when it was made, and day 0 of everybody's calendar. */
  madeAt: string;
  /** Version of pulumi-hogflow. */
  version: string;
  /** Where everything is: PostHog's address and project, where they are known. */
  target?: { host: string; projectId: string };
  /** What the sides are called, for example `main` and `your program`. Absent: nothing is compared. */
  change?: { before: string; after: string };
  /** Whether PostHog was asked for drift. */
  hasDrift: boolean;
  /** Days whose schedules are simulated, from `madeAt`. Absent: none are. */
  scheduleDays?: number;
  flows: ShownFlow[];
  people: ShownPerson[];
  /** Contents of messages, each once: deliveries name them by index. */
  contents: MessageContent[];
  /** Everything that anybody gets, by time. */
  deliveries: Delivery[];
  /** How each run went. */
  runs: ShownRun[];
  collisions: Collision[];
  /** What this page cannot show, and why, in sentences. */
  notes: string[];
}

/** What a served page is told when it opens, and after each change: the server-sent event `state`. */
export interface LiveState {
  /** Number of the data that `data` beside the page has now. */
  version: number;
  /** Why there are no newer data: what keeps the program from running. Absent: the data are those of the program as it is. */
  trouble?: Trouble;
}

export interface Trouble {
  what: string;
  findings: ShownFinding[];
}

/** A flow of the stack. */
export interface ShownFlow {
  /** Logical name in the program; unique on the page, and part of addresses. */
  name: string;
  title: string;
  /** What a change does to it. `same` where nothing is compared. */
  fate: "added" | "removed" | "changed" | "same";
  before?: FlowVersion;
  /** Absent when the change removes it. */
  after?: FlowVersion;
  /** What a change does, as sentences of the review: first the flow's own, then its people's. */
  changes: string[];
  /** Its address in PostHog. */
  url?: string;
  /** Where the program makes it. */
  location?: Location;
  /** What somebody changed in PostHog, in sentences; empty: nothing. Absent: it was not asked for, or the flow is not there yet. */
  drift?: string[];
  /** Whether somebody changed it there, or one of its schedules: `drift` also says what could not be compared. */
  isEdited?: true;
}

/** A line of the program. */
export interface Location {
  /** From the project's root. */
  file: string;
  line: number;
  column?: number;
}

/** A flow on one side. */
export interface FlowVersion {
  /** Absent where the program does not state it and nobody has asked PostHog. */
  status?: string;
  description?: string;
  /** Who starts it, in words: `event “user signed up”, where plan is free`. */
  trigger: string;
  /** Of a batch: whom it is for, in words. */
  audience?: string;
  /** When people leave it early, in words. */
  exit?: string;
  goal?: string;
  schedules: ShownSchedule[];
  steps: ShownStep[];
  drawing: Drawing;
  findings: ShownFinding[];
}

export interface ShownSchedule {
  name: string;
  /** When it runs, in words, with its time zone. */
  words: string;
  /** The next dates, ISO in UTC, at most five. */
  next: string[];
  timezone: string;
  isPaused: boolean;
}

/** A step, in the order of running. */
export interface ShownStep {
  id: string;
  title: string;
  /** Its kind in words: `e-mail`, `wait`. */
  kind: string;
  /** What it does, in words: `3 days`, `“Welcome, [first_name or "there"]!”`. */
  does?: string;
  /** Whether it sends a message that the page shows. */
  sends: boolean;
  location?: Location;
  /** Its address in PostHog. */
  url?: string;
  /** What a change does to it. */
  mark?: Mark;
}

export type Mark = "added" | "removed" | "changed";

export interface ShownFinding {
  rule: string;
  severity: "error" | "warning";
  /** Property path as the program writes it; empty for the whole flow. */
  path: string;
  what: string;
  why?: string;
  fix?: string;
  /** Id of the step that it is about. */
  step?: string;
  location?: Location;
}

/** A drawing that is laid out: all numbers in CSS pixels, from the top left corner. */
export interface Drawing {
  width: number;
  height: number;
  nodes: DrawnNode[];
  edges: DrawnEdge[];
}

export interface DrawnNode {
  /** Id of the step; of a step that is missing, the id that an edge names. */
  id: string;
  /** Top left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
  shape: "stadium" | "subroutine" | "rectangle" | "hexagon" | "rhombus" | "missing";
  /** The title, broken into lines that fit. */
  title: string[];
  /** What stands below it in smaller type, broken into lines that fit. */
  below: string[];
  mark?: Mark;
}

export interface DrawnEdge {
  from: string;
  to: string;
  /** As `edgeId` names it: `plan.branches[0]`. */
  id: string;
  /** Corners of the line. */
  points: { x: number; y: number }[];
  /** Who takes it, broken into lines, and the middle of the text. */
  label?: { lines: string[]; x: number; y: number; width: number; height: number };
  mark?: Mark;
}

/** Somebody who goes through the flows. */
export interface ShownPerson {
  name: string;
  /** `kept`: from the project's folder; `made`: from the flow's own filters, because the folder has none; `nobody`: runs of schedules without a person. */
  origin: "kept" | "made" | "nobody";
  /** What is known of them: name and value as text. */
  properties: { name: string; value: string }[];
}

/** What a recipient sees. Several deliveries may have one. */
export interface MessageContent {
  channel: "email" | "sms" | "push" | "slack" | "request";
  /** From whom, as shown to a recipient. */
  from?: string;
  /** Where nobody but PostHog knows the sender: its integration. */
  sender?: string;
  replyTo?: string;
  cc?: string;
  bcc?: string;
  /** Of an e-mail; the title of a push. */
  subject?: string;
  /** What a mailbox shows beside the subject. */
  preheader?: string;
  /** Where that comes from: the e-mail's own field, a hidden text in its HTML, or the beginning of what everybody sees, because nobody wrote one. Absent without a preheader. */
  preheaderFrom?: "field" | "hidden" | "text";
  /** Of an e-mail: the whole document as it is sent. Hostile: sanitised where it is shown. */
  html?: string;
  /** Whether it has HTML that is not here, because the page would be too large. */
  isHtmlLeftOut?: boolean;
  /** The text part; the text of an SMS, push or Slack message; the body of a request. */
  text?: string;
  /** Of a request: `POST https://…`. */
  request?: string;
  category?: { type: "marketing" | "transactional"; id?: string };
  /** Whether its recipient can unsubscribe: by a link in it. Transactional messages need none. */
  hasUnsubscribe?: boolean;
  /** The part that has no such link, of a message that has it in the other part alone. */
  unsubscribeMissingIn?: "html" | "text";
  links: Link[];
  /** What Liquid or Hog could not fill for this person. */
  gaps: Gap[];
}

export interface Link {
  /** As it is sent. */
  url: string;
  /** What one clicks on. */
  text: string;
  /** Why it leads nowhere: `it is empty`, `it is a placeholder`, `[first_name] is not filled`. */
  dead?: string;
}

/** A place in a message that has nothing to show for a person. */
export interface Gap {
  /** Where: `subject`, `html`, `text`, `preheader`, `url`. */
  where: string;
  /** The expression in words: `first_name`. */
  expression: string;
  /** What is sent in its place: empty, or the default. */
  shows: string;
  /** Where it is: each index into that part as it is sent. Absent where it is not known. */
  at?: number[];
}

/** A message that somebody gets. */
export interface Delivery {
  side: Side;
  /** Index in `people`. */
  person: number;
  /** Name of the flow. */
  flow: string;
  /** Id of the step. */
  step: string;
  /** Title of the step. */
  title: string;
  /** Index in `contents`. */
  content: number;
  /** Index in `runs`. */
  run: number;
  /** Whom it goes to: address, number, channel. */
  to: string;
  /** ISO in UTC. */
  at: string;
  /** From 0, the day on which the page was made. */
  day: number;
  /** What is not known about it, in words: its flow may not be active, its start is assumed. */
  maybe?: string;
  /** What a change does to it. */
  mark?: Mark;
}

/** One run of one person through one flow. */
export interface ShownRun {
  side: Side;
  person: number;
  flow: string;
  /** In words. */
  startedBy: string;
  started: string;
  lines: StoryLine[];
  /** How it ended, in words. */
  end: string;
}

export interface StoryLine {
  at: string;
  day: number;
  /** Id and title of the step. */
  step: string;
  title: string;
  /** What happened, in words. */
  words: string;
  /** Index in `deliveries` of what it sent. */
  deliveries: number[];
}

/** Messages that come too close to each other. */
export interface Collision {
  side: Side;
  person: number;
  kind: "within-an-hour" | "too-many-in-a-week";
  /** Indexes in `deliveries`. */
  deliveries: number[];
  /** A sentence. */
  words: string;
}
