// The pictures of the README: there, small, of the size that they say, with a word for who cannot see them, and none that nobody shows.
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../support/compile-modules";

const FOLDER = "docs/pictures";
const MOST_BYTES = 80_000;
const shown = [...readFileSync(path.join(ROOT, "README.md"), "utf8").matchAll(/<img src="([^"]+)" alt="([^"]+)"/g)];

it("are the files of docs/pictures, each once", () => {
  const files = readdirSync(path.join(ROOT, FOLDER)).map((file) => `${FOLDER}/${file}`);
  expect(shown.map(([, file]) => file).sort()).toEqual(files.sort());
  expect(files).toHaveLength(3);
});

it.each(shown.map(([, file, words]) => [file!, words!]))("%s is a small PNG, and says what it shows", (file, words) => {
  const picture = readFileSync(path.join(ROOT, file));
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  expect(statSync(path.join(ROOT, file)).size).toBeLessThan(MOST_BYTES);
  expect(words.length).toBeGreaterThan(20);
});
