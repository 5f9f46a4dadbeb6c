// The acts, as data: what is said before, what is run, and what must be so afterwards.
import { INSERTED, insertStep } from "./code-change.mjs";
import { contentOf, liveFlows, pathOf, rolesOf, subjectOf } from "./world.mjs";

export const UP = ["up", "--yes", "--skip-preview"];
const EDITED_SUBJECT = "A warm welcome from marketing";
/** Engines that number their exit codes say 7 where no change was expected and one came; older ones say 255 for every failure. */
export const CHANGES_FOUND = [7, 255];

/** @type {import("./perform.mjs").Act[]} */
export const ACTS = [
  {
    title: "Two workflows and a schedule go live",
    why:
      "The program has an onboarding flow (sign-up, welcome e-mail, a wait, a second e-mail) and a weekly mailing with its schedule. Each flow is created " +
      "as a draft and then activated. One search before that makes sure that an interrupted run has not made the flows already: nothing is ever created twice.",
    expected: "2 active flows, 1 schedule",
    commands: [{ args: UP, requests: { POST: 3, PATCH: 2, reads: 3 }, says: ["4 created"] }],
    check(world) {
      const { all, onboarding, weekly } = liveFlows(world);
      world.first = {
        onboarding: contentOf(onboarding),
        weekly: contentOf(weekly),
        roles: rolesOf(onboarding),
        stamps: stampsOf(all),
      };
      return [
        all.length !== 2 && `${all.length} flows are live, and not 2`,
        ...all.map(({ name, status }) => status !== "active" && `"${name}" is ${status}, and not active`),
        schedulesOf(world) !== 1 && `the weekly flow has ${schedulesOf(world)} schedules, and not 1`,
      ];
    },
  },
  {
    title: "A second run changes nothing, and asks nothing",
    why: "Nobody changed anything, so there is nothing to do; and finding that out costs no request and needs no key, because the comparison is with the stack's state.",
    expected: "no change, no request",
    commands: [{ args: UP, requests: {}, says: ["4 unchanged"] }],
    check: (world) => [
      stampsOf(liveFlows(world).all) !== world.first.stamps && "a flow was saved, though nothing had changed",
    ],
  },
  {
    title: "Somebody edits the live flow in PostHog's editor",
    why: "A colleague rewrites the subject of the welcome e-mail and shortens the wait after it, in the browser. Nothing of that is in Git. (The emulator plays the editor.)",
    expected: "the flow differs from the code",
    commands: [],
    prepare(world, narrator) {
      const { welcome, wait } = world.first.roles;
      world.edit = { subject: EDITED_SUBJECT, duration: wait.config.delay_duration === "1d" ? "2d" : "1d" };
      world.emulator.ui.edit(liveFlows(world).onboarding.id, (flow) => {
        const step = (id) => flow.actions.find((action) => action.id === id);
        step(welcome.id).config.inputs.email.value.subject = world.edit.subject;
        step(wait.id).config.delay_duration = world.edit.duration;
      });
      narrator.edits([
        { where: `${welcome.name}, subject`, from: subjectOf(welcome), to: world.edit.subject },
        { where: `${wait.name}, duration`, from: wait.config.delay_duration, to: world.edit.duration },
      ]);
    },
    check: (world) => editIsLive(world),
  },
  {
    title: "The edit is found, step by step",
    why:
      "A refresh reads what is live and compares. With --preview-only it changes neither PostHog nor the state; with --expect-no-changes its exit code says whether " +
      "there is drift, so a nightly job in CI needs no more than this line.",
    expected: "both edits shown, exit code not 0",
    commands: (world) => [
      {
        args: ["refresh", "--preview-only", "--diff", "--expect-no-changes"],
        exitCodes: CHANGES_FOUND,
        requests: { reads: 3 },
        says: [
          world.first.roles.welcome.id,
          world.edit.subject,
          world.first.roles.wait.id,
          world.edit.duration,
          "1 to update",
        ],
      },
    ],
    check: (world) => editIsLive(world),
  },
  {
    title: "The code is put back in force",
    why:
      "Whether the edit or the code is right is for people to decide; here it is the code. The refresh takes the edit into the state, and one request puts the flow back. Without --refresh " +
      "this `up` would find nothing to do, as in act 2; and had the code changed meanwhile, it would refuse to overwrite an edit that nobody has seen.",
    expected: "the flow is as in act 1",
    commands: [{ args: [...UP, "--refresh"], requests: { PUT: 1, reads: 3 }, says: ["1 updated"] }],
    check: (world) => [
      contentOf(liveFlows(world).onboarding) !== world.first.onboarding &&
        "the onboarding flow is not what it was before the edit",
      ...weeklyIsUntouched(world),
    ],
  },
  {
    title: "A step is inserted in code",
    why:
      "The second e-mail is to go out in office hours only: one step more, in the middle. The preview, which a reviewer reads in the pull request, shows that step and the `next` of the one before it, " +
      "and no other, though every later step moved down. Pulumi type-checks the program this time, which takes some seconds more.",
    expected: `2 changes in preview; 1 update`,
    prepare: (world, narrator) => narrator.codeChange(world.sandbox.program, insertStep(world.sandbox.program)),
    commands: [
      { args: ["preview", "--diff"], typeChecked: true, requests: {}, says: [INSERTED.id, "1 to update"] },
      {
        args: ["preview", "--json"],
        why: "The same for programs, which the demo takes at its word:",
        requests: {},
        digest: (outcome) => changesOf(outcome).map(({ path, kind }) => `${kind}  ${path}`),
      },
      { args: UP, requests: { PUT: 1 }, says: ["1 updated"] },
    ],
    check(world, [, json]) {
      const { wait, after } = world.first.roles;
      const shown = changesOf(json).map(({ resource, path, kind }) => `${kind} ${resource} ${path}`);
      const expected = [`add onboarding actions.${INSERTED.id}`, `update onboarding actions.${wait.id}.next`];
      const ids = pathOf(liveFlows(world).onboarding).map(({ id }) => id);
      const at = ids.indexOf(INSERTED.id);
      return [
        shown.sort().join() !== expected.join() &&
          `the preview shows ${shown.join(", ") || "nothing"}, and not just ${expected.join(", ")}`,
        (ids[at - 1] !== wait.id || ids[at + 1] !== after.id) && `the live flow goes ${ids.join(" → ")}`,
        ...weeklyIsUntouched(world),
      ];
    },
  },
];

/** Not with --keep. @type {import("./perform.mjs").Act} */
export const CLOSING_ACT = {
  title: "Everything is destroyed",
  why: "The schedule goes first, then the flows. What is gone already would count as a success.",
  expected: "no flow is left",
  commands: [{ args: ["destroy", "--yes", "--skip-preview"], requests: { DELETE: 3, reads: 3 }, says: ["4 deleted"] }],
  check: (world) => liveFlows(world).all.map(({ name }) => `"${name}" is still there`),
};

function schedulesOf({ emulator }) {
  return emulator.schedules(liveFlows({ emulator }).weekly.id).length;
}

const stampsOf = (flows) =>
  flows
    .map(({ id, updated_at }) => `${id} ${updated_at}`)
    .sort()
    .join();

function editIsLive(world) {
  const { welcome, wait } = rolesOf(liveFlows(world).onboarding);
  return [
    subjectOf(welcome) !== world.edit.subject && `the live subject is "${subjectOf(welcome)}", and not the edited one`,
    wait.config.delay_duration !== world.edit.duration &&
      `the live wait is ${wait.config.delay_duration}, and not the edited one`,
  ];
}

function weeklyIsUntouched(world) {
  return [contentOf(liveFlows(world).weekly) !== world.first.weekly && "the weekly flow changed, too"];
}

/** What `preview --json` says will change, property by property. */
function changesOf({ stdout }) {
  const { steps } = JSON.parse(stdout);
  return steps
    .filter(({ op }) => op !== "same")
    .flatMap(({ urn, op, detailedDiff }) => {
      const resource = urn.split("::").at(-1);
      const paths = Object.entries(detailedDiff ?? {});
      return paths.length === 0
        ? [{ resource, path: "", kind: op }]
        : paths.map(([path, { kind }]) => ({ resource, path, kind }));
    });
}
