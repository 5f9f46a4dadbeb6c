// Where CI shows what a comment links to: the page of `hogflow show`, and the pictures of `hogflow show --shots`.
import { readFileSync } from "node:fs";
import path from "node:path";
import { isDict } from "../../definition/canonical/values";
import { hrefOf, type Route } from "../../show/app/routes";
import { OperateError } from "../errors";
import { SHOTS_FILE, type Shot } from "../show/shots";

/** Stands for the name of a picture's file in an address. */
const FILE = "{file}";

/** An address that Markdown takes whole. */
const forMarkdown = (url: URL): string =>
  url.href.replace(/[()|<>]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

function webUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw new Error(`must be an address that begins with https:// or http://, not "${text}"`);
  return url;
}

/** The address of a page, for links to its parts. Throws an Error that ends the sentence "--link …". */
export function pageAddress(text: string): string {
  const url = webUrl(text);
  if (url.hash !== "") throw new Error(`must be the address of the whole page, without #, not "${text}"`);
  return forMarkdown(url);
}

/** A part of the page. */
export const partOfPage = (page: string, route: Route): string => forMarkdown(new URL(hrefOf(route), page));

/** Gives the address of a picture by its file: `{file}` is where its name goes, or else the end. Throws an Error that ends the sentence "--shots-link …". */
export function pictureAddress(text: string): (file: string) => string {
  const template = text.includes(FILE) ? text : `${text.replace(/\/?$/, "/")}${FILE}`;
  const address = (file: string): string =>
    forMarkdown(webUrl(template.replaceAll(FILE, () => encodeURIComponent(file))));
  address("x.png");
  return address;
}

/**
 * The pictures of a folder that `hogflow show --shots` wrote.
 *
 * @throws OperateError when the folder holds no list of them.
 */
export function readShots(folder: string): Shot[] {
  const file = path.join(folder, SHOTS_FILE);
  const problem = (what: string): OperateError =>
    new OperateError({
      what,
      why: "The comment shows the pictures in its list",
      fix: `Run: hogflow show --shots ${folder}`,
    });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw problem(`${file} does not exist`);
  }
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list) || !list.every(isShot))
    throw problem(`${file} is not the list that hogflow show --shots writes`);
  return list;
}

const isShot = (value: unknown): value is Shot =>
  isDict(value) &&
  ["file", "flow", "step", "title", "person"].every((key) => typeof value[key] === "string") &&
  (value["side"] === "before" || value["side"] === "after");
