// The streams of a command: colours, progress, questions, and text of others.
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Io, wantsColour, type Terminal } from "../../cli/io";

function terminal(isTTY: boolean, columns = 80): Terminal & { text: string } {
  return {
    isTTY,
    columns,
    text: "",
    write(text: string) {
      this.text += text;
      return true;
    },
  };
}

function streams({ tty = true, env = {} }: { tty?: boolean; env?: Record<string, string> } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY: tty });
  const stderr = Object.assign(new PassThrough(), { isTTY: tty, columns: 80 });
  let told = "";
  stderr.on("data", (text) => (told += String(text)));
  return { stdin, stdout: terminal(tty), stderr, env, told: () => told };
}
const never = new AbortController().signal;

describe("colours", () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [true, { TERM: "dumb" }, false],
    [false, { FORCE_COLOR: "1" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ])("terminal %s, environment %j: %s", (isTTY, env, wanted) => {
    expect(wantsColour(terminal(isTTY), env)).toBe(wanted);
  });

  it("are in no JSON", () => {
    for (const [json, shown] of [
      [false, "\u001b[31m\u001b[1mx\u001b[22m\u001b[39m"],
      [true, "x"],
    ] as const) {
      const io = streams();
      const out = new Io(io, json);
      out.out(out.style(out.style("x", "bold"), "red"));
      expect(io.stdout.text).toBe(`${shown}\n`);
    }
  });
});

describe("text of others", () => {
  it("cannot work on the terminal, nor colour anything; our own styles stay", () => {
    const io = streams();
    const out = new Io(io, false);
    out.out(
      `a\u001b[2J\u001b]0;title\u0007\u009b2Jb\r\u001b[31mred\u001b[39m${out.style("\u001b[1mx\u202e\u200b", "red")}\tc\nd\u2028e\u0085`,
    );
    expect(io.stdout.text).toBe("a[2J]0;title2Jb[31mred[39m\u001b[31m[1mx\u001b[39m\tc\nde\n");
  });

  it("keeps emoji that are joined or coloured by what nobody sees, and shows half a character as one that is broken", () => {
    const io = streams();
    new Io(io, false).out("👩‍👩‍👧 ❤️ a\u200db \ud83d");
    expect(io.stdout.text).toBe("👩‍👩‍👧 ❤️ ab \ufffd\n");
  });

  it("is no command of a CI runner", () => {
    const io = streams();
    new Io(io, false).out("::add-mask::x\n  ::error::y\na ##[group]b ##vso[task.setvariable]c, std::string ## [d]");
    expect(io.stdout.text).toBe(
      ": :add-mask::x\n  : :error::y\na # #[group]b # #vso[task.setvariable]c, std::string ## [d]\n",
    );
  });

  it("is exact in JSON, with an escape for what would work", () => {
    const data = { "k\u202e": "::error::\r\u001b[31m\u009b2J\u2028 ##[group] 👩‍👩‍👧 \ud83d \u{e0041}" };
    const io = streams();
    new Io(io, true).outJson(data, 2);
    expect(JSON.parse(io.stdout.text)).toEqual(data);
    expect(io.stdout.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]|##\[|^\s*::/mu);
  });

  it("is one line of a question", async () => {
    const io = streams();
    await expect(
      new Io(io, true).confirm(["Deleted: a\nGo on? [y/N] y\u2028b"], { yes: false, signal: never }),
    ).rejects.toThrow();
    expect(io.told()).toBe("Deleted: a Go on? [y/N] y b\n");
  });
});

describe("progress", () => {
  it("is one line that the next output replaces, cut at the width", () => {
    const io = streams({ env: { NO_COLOR: "1" } });
    const out = new Io(io, false);
    out.progress("Reading …");
    out.progress("x".repeat(100));
    out.out("done");
    expect(io.told()).toBe(`Reading …\r\u001b[2K${"x".repeat(79)}\r\u001b[2K`);
    expect(io.stdout.text).toBe("done\n");
  });

  it("is not written where no terminal is, nor beside JSON", () => {
    for (const [tty, json] of [
      [false, false],
      [true, true],
    ] as const) {
      const io = streams({ tty });
      new Io(io, json).progress("Reading …");
      expect(io.told()).toBe("");
    }
  });
});

describe("why nothing goes on", () => {
  it("replaces the progress on a terminal, and has a line of its own where there is none, and beside JSON", () => {
    const io = streams({ env: { NO_COLOR: "1" } });
    const out = new Io(io, false);
    out.progress("Reading …");
    out.meanwhile("Waiting …");
    out.out("done");
    expect(io.told()).toBe("Reading …\r\u001b[2KWaiting …\r\u001b[2K");
    for (const [tty, json] of [
      [false, false],
      [true, true],
    ] as const) {
      const other = streams({ tty });
      new Io(other, json).meanwhile("Waiting …");
      expect(other.told()).toBe("Waiting …\n");
    }
  });
});

describe("a question for a text", () => {
  const number = (text: string): void => {
    if (!/^\d+$/.test(text)) throw new Error(`must be a number, not "${text}"`);
  };
  const ask = async (answers: string, fallback = "7") => {
    const io = streams();
    const asked = new Io(io, false).ask("Which\nproject", { fallback, check: number, signal: never });
    for (const answer of answers.split("|")) {
      await expect.poll(() => io.told().endsWith(": ")).toBe(true);
      io.stdin.write(`${answer}\n`);
    }
    return { answer: await asked, told: io.told() };
  };

  it("has an answer, or the one that it names", async () => {
    expect(await ask(" 12 ")).toEqual({ answer: "12", told: "Which project (7): " });
    expect((await ask("")).answer).toBe("7");
    expect(await ask("", "")).toEqual({ answer: "", told: "Which project: " });
  });

  it("is asked again when the answer does not fit", async () => {
    const { answer, told } = await ask("a\u001b[2J|12");
    expect([answer, told]).toEqual(["12", expect.stringContaining("This must be a number, not ")]);
    expect(told).not.toContain("\u001b[2J");
  });

  it("is not asked without a terminal, nor beside JSON; an input that ends takes what it names", async () => {
    for (const [tty, json] of [
      [false, false],
      [true, true],
    ] as const) {
      const io = streams({ tty });
      expect(await new Io(io, json).ask("x", { fallback: "7", signal: never })).toBe("7");
      expect(io.told()).toBe("");
    }
    const io = streams();
    const asked = new Io(io, false).ask("x", { fallback: "7", signal: never });
    io.stdin.end();
    expect(await asked).toBe("7");
  });
});

describe("a question", () => {
  const ask = async (answer: string) => {
    const io = streams();
    const asked = new Io(io, false).confirm(["Two flows are deleted:", "  Old"], { yes: false, signal: never });
    io.stdin.write(`${answer}\n`);
    return {
      outcome: await asked.then(
        () => "done",
        (error: Error) => error.message,
      ),
      told: io.told(),
    };
  };

  it.each(["y", "yes", " Y "])("%j is a yes, after what will happen was said", async (answer) => {
    const { outcome, told } = await ask(answer);
    expect(outcome).toBe("done");
    expect(told).toContain("Two flows are deleted:\n  Old\nContinue? [y/N] ");
  });

  it.each(["", "n", "no", "yeah", "oui"])("%j is a no", async (answer) => {
    expect((await ask(answer)).outcome).toBe("Nothing was done.");
  });

  it("is not asked with --yes; without a terminal, or with --json, the answer is no", async () => {
    const yes = streams();
    await new Io(yes, false).confirm(["x"], { yes: true, signal: never });
    expect(yes.told()).toBe("");
    for (const [tty, json] of [
      [false, false],
      [true, true],
    ] as const) {
      await expect(new Io(streams({ tty }), json).confirm(["x"], { yes: false, signal: never })).rejects.toThrow(
        "Pass --yes to do it.",
      );
    }
  });

  it("is a no when the input ends without an answer", async () => {
    const io = streams();
    const asked = new Io(io, false).confirm(["x"], { yes: false, signal: never });
    io.stdin.end();
    await expect(asked).rejects.toThrow("Nothing was done.");
  });

  it("ends when it is interrupted", async () => {
    const interrupt = new AbortController();
    const asked = new Io(streams(), false).confirm(["x"], { yes: false, signal: interrupt.signal });
    interrupt.abort();
    await expect(asked).rejects.toThrow();
  });
});
