// `npm run bench`: measures the figures that were asked for, says how it goes, and prints the table.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { verdict, type Row } from "./figure";
import { FIGURES } from "./figures/index";
import { json, line, machine, table } from "./report";

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string" }, json: { type: "string" }, list: { type: "boolean" } },
  });
  if (values.list) {
    for (const { name, what } of FIGURES) console.log(`${name.padEnd(10)}${what}`);
    return 0;
  }
  const unknown = positionals.filter((name) => !FIGURES.some((figure) => figure.name.startsWith(name)));
  if (unknown.length > 0) {
    console.error(
      `There is no figure ${unknown.join(", ")}. Figures are ${FIGURES.map(({ name }) => name).join(", ")}.`,
    );
    return 2;
  }
  const chosen = FIGURES.filter(
    (figure) => positionals.length === 0 || positionals.some((name) => figure.name.startsWith(name)),
  );
  console.log(
    `${Object.entries(machine())
      .map(([key, value]) => `${key} ${value}`)
      .join(", ")}\n`,
  );

  const started = Date.now();
  const progress = (text: string): void =>
    console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);
  const rows: Row[] = [];
  let failed = 0;
  for (const figure of chosen) {
    progress(`${figure.name}: ${figure.what}`);
    try {
      const measured = await figure.measure({
        progress,
        rounds: (own) => (values.rounds === undefined ? own : Number(values.rounds)),
      });
      rows.push(...measured);
      for (const row of measured) progress(line(row));
    } catch (error) {
      failed += 1;
      console.error(`${figure.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`\n${table(rows)}\n`);
  if (values.json !== undefined) {
    writeFileSync(values.json, json(rows));
    console.log(`Figures are in ${values.json}.`);
  }
  const missed = rows.filter((row) => !verdict(row).reached);
  if (missed.length === 0 && failed === 0)
    console.log("All goals are reached. Next: compare with an earlier --json file after a change.");
  else
    console.log(
      `${missed.length} of ${rows.length} goals are not reached${failed > 0 ? `, ${failed} figures could not be measured` : ""}. Next: npm run bench -- ${missed[0]?.name.split(/[ ,]/)[0] ?? chosen[0]?.name} on a quiet machine, and a profile of what is slow.`,
    );
  return missed.length === 0 && failed === 0 ? 0 : 1;
}

// An open socket or a stray timer must not keep the process.
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
