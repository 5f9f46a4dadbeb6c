// The streams of a command: colours, progress, questions, and text of others.
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Io, wantsColour, type Terminal } from "../../cli/io";

function terminal(isTTY: boolean, columns = 80): Terminal & { text: string } {
  return { isTTY, columns, text: "", write(text: string) { this.text += text; return true; } };
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
    expect(new Io(streams(), false).style("x", "red")).toBe("\u001b[31mx\u001b[39m");
    expect(new Io(streams(), true).style("x", "red")).toBe("x");
  });
});

it("text of others cannot work on the terminal, and styles stay", () => {
  const io = streams();
  new Io(io, false).out("a\u001b[2J\u001b]0;title\u0007\u009b2Jb\r\u001b[31mred\u001b[39m\tc\nd");
  expect(io.stdout.text).toBe("a[2J]0;title2Jb\u001b[31mred\u001b[39m\tc\nd\n");
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
    for (const [tty, json] of [[false, false], [true, true]] as const) {
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
    for (const [tty, json] of [[false, false], [true, true]] as const) {
      const other = streams({ tty });
      new Io(other, json).meanwhile("Waiting …");
      expect(other.told()).toBe("Waiting …\n");
    }
  });
});

describe("a question", () => {
  const ask = async (answer: string) => {
    const io = streams();
    const asked = new Io(io, false).confirm(["Two flows are deleted:", "  Old"], { yes: false, signal: never });
    io.stdin.write(`${answer}\n`);
    return { outcome: await asked.then(() => "done", (error: Error) => error.message), told: io.told() };
  };

  it.each(["y", "yes", " Y "])("%j is a yes, after what will happen was said", async (answer) => {
    const { outcome, told } = await ask(answer);
    expect(outcome).toBe("done");
    expect(told).toContain("Two flows are deleted:\n  Old\nGo on? [y/N] ");
  });

  it.each(["", "n", "no", "yeah", "oui"])("%j is a no", async (answer) => {
    expect((await ask(answer)).outcome).toBe("Nothing was done.");
  });

  it("is not asked with --yes; without a terminal, or with --json, the answer is no", async () => {
    const yes = streams();
    await new Io(yes, false).confirm(["x"], { yes: true, signal: never });
    expect(yes.told()).toBe("");
    for (const [tty, json] of [[false, false], [true, true]] as const) {
      await expect(new Io(streams({ tty }), json).confirm(["x"], { yes: false, signal: never })).rejects.toThrow("Add --yes to do it.");
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
