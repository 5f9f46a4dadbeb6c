// The pages of the site: which files of the repository they are, in which order, at which address, and where a link of one of them leads.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileAddress } from "../tools/repository-address.mjs";

export const ROOT = path.dirname(import.meta.dirname);

const inFolder = (folder, name) =>
  readdirSync(path.join(ROOT, folder))
    .map((entry) => `${folder}/${entry}${name}`)
    .filter((file) => file.endsWith(".md") && existsSync(path.join(ROOT, file)));

/** What the sidebar has. A page that is not here is not on the site. */
export const GROUPS = [
  { text: "Begin", files: ["README.md", "docs/guide.md", "docs/configuration.md"] },
  {
    text: "Other languages",
    files: ["docs/plugin.md", "docs/yaml.md", "docs/python.md", "docs/go.md", "docs/dotnet-java.md"],
  },
  {
    text: "Operate",
    files: [
      "docs/operating.md",
      "docs/gitops.md",
      "docs/show.md",
      "docs/testing.md",
      "docs/verify.md",
      "docs/acceptance.md",
      "docs/emulator.md",
      "docs/large-stacks.md",
      "docs/policy.md",
    ],
  },
  {
    text: "Look up",
    files: [
      ...[
        "docs/commands.md",
        "docs/rules.md",
        "docs/reference.md",
        "docs/reference-operate.md",
        "docs/reference-testing.md",
      ],
      ...["docs/reference-emulator.md", "docs/reference-policy.md", "docs/support.md", "docs/sources.md"],
    ],
  },
  { text: "Examples", files: inFolder("examples", "/README.md") },
  { text: "The project", files: ["CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "ARCHITECTURE.md"] },
  { text: "Internals", files: inFolder("docs/internals", "") },
];

const FILES = new Set(GROUPS.flatMap(({ files }) => files));

/** Pages that are for those who change this package: the search of users leaves them out. */
export const isInternal = (file) => file.startsWith("docs/internals/") || file === "ARCHITECTURE.md";

/** The page that VitePress makes of a file: `guide.md` of `docs/guide.md`, `index.md` of a README. */
export const pageOf = (file) =>
  file
    .replace(/^docs\//, "")
    .replace(/^[A-Z]+\.md$/, (name) => (name === "README.md" ? name : name.toLowerCase()))
    .replace(/README\.md$/, "index.md");

export function titleOf(file) {
  const [, title] = /^# (.+)$/m.exec(readFileSync(path.join(ROOT, file), "utf8")) ?? [];
  if (title === undefined) throw new Error(`${file} has no title: its first line is "# " and the title.`);
  return title.replaceAll("`", "");
}

/** Docs that nobody reaches would be missed by nobody. */
export function checkPages() {
  const missing = [
    ...inFolder("docs", ""),
    ...inFolder("docs/internals", ""),
    ...inFolder("examples", "/README.md"),
  ].filter((file) => !FILES.has(file));
  if (missing.length > 0)
    throw new Error(`Not in the sidebar: ${missing.join(", ")}. Add them to GROUPS in site/pages.mjs.`);
}

/**
 * Where a relative link of a page leads: to another page (`/guide.md#flows`), to the file in the repository, or, without an address of the repository, to nothing.
 * @param {string} from the file with the link
 * @param {string} href
 * @param {{ address?: string, ref: string }} repository
 * @returns {string | undefined}
 */
export function linkOf(from, href, { address, ref }) {
  const [target, anchor] = href.split("#");
  const file = path.posix.join(path.posix.dirname(from), decodeURI(target)).replace(/\/$/, "");
  const at = path.join(ROOT, file);
  if (!existsSync(at)) throw new Error(`${from} links to ${href}, and there is no ${file}.`);
  const hash = anchor === undefined ? "" : `#${anchor}`;
  const page = statSync(at).isDirectory() ? `${file}/README.md` : file;
  if (FILES.has(page)) return `/${pageOf(page)}${hash}`;
  return address === undefined ? undefined : `${fileAddress(address, { root: ROOT, file, ref })}${hash}`;
}
