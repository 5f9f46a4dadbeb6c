// `npm run fuzz`: lives of many worlds, in processes side by side, and what came of it. Everything follows from the seed.
import { fork, type ChildProcess } from "node:child_process";
import os from "node:os";
import { parseArgs } from "node:util";
import { providersOfLives, worldsOf, type WorldSize } from "./lives";
import { lifeOf, parsed, printed, type Operation } from "./operations";
import type { Transport } from "../support/transport";
import { shrunk } from "./shrink";
import { KINDS, live, noCounts, type Counts, type Finding } from "./world";

const MOST_FINDINGS = 5;
const PROGRESS_MS = 5_000;
const SHRINK = { lives: 80, ms: 60_000 };

type Message = { world: WorldSize } | { shrink: { operations: Operation[]; finding: Finding } };
type Reply =
  | { index: number; counts: Counts; finding?: Finding; kills: number }
  | { replay: string; finding: Finding; story: string[] };

function add(total: Counts, more: Counts): void {
  for (const key of ["cycles", "faults", "kills", "uiEdits", "calm", "refused", "requests"] as const)
    total[key] += more[key];
  for (const key of ["operations", "deeds", "watched"] as const)
    for (const [kind, count] of Object.entries(more[key])) total[key][kind] = (total[key][kind] ?? 0) + count;
}

/** One of the processes side by side. */
async function lane(seed: number, transport: Transport): Promise<void> {
  const runs = providersOfLives(transport);
  const end = (): void => {
    for (const { pid } of runs) if (pid !== undefined) process.kill(pid, "SIGKILL");
    process.exit(0);
  };
  process.on("disconnect", end);
  process.on("SIGTERM", end);
  process.on("SIGINT", () => undefined);
  const reply = (message: Reply): void => void process.send!(message);
  process.on("message", (message: Message) => {
    void (async () => {
      if ("world" in message) {
        const { index, cycles } = message.world;
        const { counts, finding } = await live(lifeOf(seed, index, cycles), runs);
        reply({ index, counts, kills: runs[0].starts + runs[1].starts, ...(finding ? { finding } : {}) });
      } else {
        const { operations, finding } = message.shrink;
        const short = await shrunk(operations, finding.kind, runs, SHRINK);
        const again = await live(short, runs, { story: true });
        reply({ replay: printed(short), finding: again.finding ?? finding, story: again.story });
      }
    })();
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      cycles: { type: "string" },
      replay: { type: "string" },
      lanes: { type: "string" },
      lane: { type: "boolean" },
      transport: { type: "string" },
    },
  });
  const transport = values.transport === "plugin" ? "plugin" : "dynamic";
  const seed = Number(values.seed ?? 1);
  const cycles = Number(values.cycles ?? 1000);
  if (values.lane) return lane(seed, transport);
  if (values.replay !== undefined) return replay(parsed(values.replay), transport);
  const lanes = Number(values.lanes ?? Math.max(1, Math.min(os.availableParallelism(), 4)));
  await fuzz({ seed, cycles, lanes, transport });
}

interface Fuzz {
  seed: number;
  cycles: number;
  lanes: number;
  transport: Transport;
}

async function replay(operations: Operation[], transport: Transport): Promise<void> {
  const runs = providersOfLives(transport);
  const { finding, story } = await live(operations, runs, { story: true });
  await Promise.all(runs.map((side) => side.kill()));
  console.log(story.join("\n"));
  console.log(
    finding
      ? `\n${finding.kind}: ${finding.text}\nThe replay fails. Fix it and run again.`
      : "\nThe replay holds. Next: npm run fuzz with the seed that it came from.",
  );
  process.exitCode = finding ? 1 : 0;
}

async function fuzz({ seed, cycles, lanes, transport }: Fuzz): Promise<void> {
  const onPlugin = transport === "plugin" ? " --transport plugin" : "";
  const started = Date.now();
  const queue = worldsOf(seed, cycles);
  const total = noCounts();
  const findings: { index: number; cycles: number; finding: Finding }[] = [];
  let starts = 0;
  const seconds = (): number => (Date.now() - started) / 1000;
  const listed = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(", ");
  const byKind = (): string => listed(total.operations);
  const progress = setInterval(
    () => console.log(`${total.cycles} cycles, ${(total.cycles / seconds()).toFixed(1)}/s: ${byKind()}`),
    PROGRESS_MS,
  );

  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child: ChildProcess = fork(
        import.meta.filename,
        ["--lane", "--seed", String(seed), "--transport", transport],
        {
          stdio: ["ignore", "inherit", "inherit", "ipc"],
        },
      );
      const worlds = new Map<number, WorldSize>();
      let mine = 0;
      let toShrink: { operations: Operation[]; finding: Finding } | undefined;
      const next = (): void => {
        if (toShrink) {
          child.send({ shrink: toShrink } satisfies Message);
          toShrink = undefined;
          return;
        }
        const world = findings.length < MOST_FINDINGS ? queue.shift() : undefined;
        if (!world) {
          starts += mine;
          child.disconnect();
          return;
        }
        worlds.set(world.index, world);
        child.send({ world } satisfies Message);
      };
      child.on("message", (reply: Reply) => {
        if ("story" in reply)
          console.log(
            `\n${reply.finding.kind}: ${reply.finding.text}\n${reply.story.map((line) => `  ${line}`).join("\n")}\n  npm run fuzz -- --seed ${seed} --replay "${reply.replay}"${onPlugin}\n`,
          );
        else {
          add(total, reply.counts);
          mine = reply.kills;
          if (reply.finding) {
            const { cycles: length } = worlds.get(reply.index)!;
            console.log(`world ${reply.index}: ${reply.finding.kind}: ${reply.finding.text.slice(0, 500)}`);
            findings.push({ index: reply.index, cycles: length, finding: reply.finding });
            toShrink = { operations: lifeOf(seed, reply.index, length), finding: reply.finding };
          }
        }
        next();
      });
      child.once("error", reject);
      child.once("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`A process of the fuzzer ended with code ${code}.`)),
      );
      next();
    });
  await Promise.all(Array.from({ length: lanes }, run));
  clearInterval(progress);

  const count = (kind: string): number => findings.filter(({ finding }) => finding.kind === kind).length;
  const shown = KINDS.filter((kind, i) => i < 9 || count(kind) > 0);
  console.log(
    `\nseed ${seed}: ${total.cycles} cycles in ${seconds().toFixed(0)} s (${(total.cycles / seconds()).toFixed(1)}/s): ${byKind()}`,
  );
  console.log(
    `${total.requests} requests, ${total.faults} of them spoiled; ${total.kills} kills, ${starts} starts of a provider; ${total.uiEdits} edits in the editor; ${total.calm} times all was checked; ${total.refused} programs refused`,
  );
  console.log(`done: ${listed(total.deeds)}`);
  console.log(`watched: ${listed(total.watched)}`);
  console.log(shown.map((kind) => `${count(kind)} ${kind}`).join(", "));
  const early = findings.length >= MOST_FINDINGS && queue.length > 0 ? `, stopped after ${MOST_FINDINGS}` : "";
  console.log(
    findings.length === 0
      ? `All invariants held. Next: another seed, npm run fuzz -- --seed ${seed + 1} --cycles ${cycles}${onPlugin}`
      : `${findings.length} findings${early}. Next: run a replay above, fix what it shows, and run this seed again.`,
  );
  process.exitCode = findings.length === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
