/** The command line: its flags and what it says about wrong ones. */
import { describe, expect, it } from "vitest";
import { DEFAULTS, HELP, parseCli, UsageError } from "../../emulator/cli-options";

describe("flags", () => {
  it("have defaults, and keys and projects repeat", () => {
    expect(parseCli([])).toEqual({ help: false, port: DEFAULTS.port, host: DEFAULTS.host, keys: [DEFAULTS.key], projects: [DEFAULTS.project], quiet: false });
    expect(parseCli(["--port", "0", "--key", "a", "--key", "b", "--project=1", "--project=2"])).toMatchObject({ port: 0, keys: ["a", "b"], projects: ["1", "2"] });
  });

  it.each([
    [["--port", "many"], /--port must be a number/],
    [["--port", "70000"], /--port must be a number/],
    [["--key", ""], /--key must not be empty/],
    [["--prot", "1"], /--prot/],
    [["extra"], /extra/],
  ])("%j is refused", (args, message) => {
    expect(() => parseCli(args)).toThrow(UsageError);
    expect(() => parseCli(args)).toThrow(message);
  });

  it("are all in the help", () => {
    for (const flag of ["port", "host", "key", "project", "quiet", "help"]) expect(HELP).toContain(`--${flag}`);
  });
});
