// The documentation site: README, docs, examples and the project's own pages as they are in the repository. site/build.mjs builds it for one version, and
// says by these variables where that is: HOGFLOW_SITE_BASE (path of the site), HOGFLOW_SITE_OUT (folder), HOGFLOW_SITE_ADDRESS (of the repository).
import { readFileSync } from "node:fs";
import path from "node:path";
import { anchorMaker } from "../../tools/docs/headings.mjs";
import { GROUPS, isInternal, linkOf, pageOf, ROOT, titleOf } from "../pages.mjs";

const { HOGFLOW_SITE_BASE: root = "/", HOGFLOW_SITE_OUT: outDir, HOGFLOW_SITE_ADDRESS: address } = process.env;
const { version, description } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
const REPOSITORY = { address, ref: `v${version}` };
const routeOf = (file) => `/${pageOf(file)}`.replace(/(?:index)?\.md$/, "");

const fileIn = ({ realPath, path: file }) =>
  path
    .relative(ROOT, realPath ?? file)
    .split(path.sep)
    .join("/");

/** Links lead where they lead in the repository. One that nobody knows the address of is text. */
function links(md) {
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    for (const { children } of tokens) {
      const open = [];
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const href = token.attrGet("href");
          open.push(token);
          if (/^(?:\w+:|#)/.test(href)) continue;
          const target = linkOf(fileIn(env), href, REPOSITORY);
          if (target !== undefined) token.attrSet("href", target);
          else Object.assign(token, { tag: "span", attrs: null, type: "plain_open" });
        } else if (token.type === "link_close") {
          const { tag } = open.pop();
          if (tag === "span") Object.assign(token, { tag, type: "plain_close" });
        }
      }
    }
  });
}

/** Flows that the repository's host draws from their text are drawn here, too. */
function drawings(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) =>
    tokens[index].info.trim() === "mermaid"
      ? `<FlowDrawing source="${encodeURIComponent(tokens[index].content)}" />`
      : fence(tokens, index, ...rest);
}

/** The corner of a table may be empty, and is no header then. */
function corners(md) {
  md.core.ruler.push("empty-headers", ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      if (token.type !== "th_open" || tokens[index + 1].content !== "") continue;
      token.tag = "td";
      tokens[index + 2].tag = "td";
    }
  });
}

/** What is relative in HTML begins with a dot, or the bundler looks for a package. */
function pictures(md) {
  const { html_block: block } = md.renderer.rules;
  md.renderer.rules.html_block = (...args) => block(...args).replace(/ src="(?!\w+:|[./])/g, ' src="./');
}

/** What looks like a tag in a sentence, such as <project>, is text. */
function placeholders(md) {
  md.renderer.rules.html_inline = (tokens, index) => {
    const { content } = tokens[index];
    return /^<\/?(?:a|br|img|kbd|sub|sup)\b/.test(content) ? content : md.utils.escapeHtml(content);
  };
}

/** Two braces in a sentence or in its code are Liquid's, not Vue's. */
function braces(md) {
  const { text, code_inline: code } = md.renderer.rules;
  for (const [name, render] of Object.entries({ text, code_inline: code }))
    md.renderer.rules[name] = (...args) => render(...args).replaceAll("{{", "&#123;&#123;");
}

export default {
  srcDir: ROOT,
  outDir,
  cacheDir: path.join(ROOT, "node_modules/.cache/hogflow/site"),
  base: `${root}v${version}/`,
  srcExclude: ["{test,tools,template,dist,site}/**"],
  rewrites: (file) => pageOf(file),
  lang: "en-GB",
  title: "pulumi-hogflow",
  description,
  // No icon, and no request for one.
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: {
    // Those with enough contrast for everybody.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    anchor: { slugify: (heading) => anchorMaker()(heading) },
    config(md) {
      for (const change of [links, drawings, corners, pictures, placeholders, braces]) change(md);
    },
  },
  vite: { publicDir: false, build: { chunkSizeWarningLimit: 2000 }, logLevel: "warn" },
  themeConfig: {
    versions: { root, current: version },
    nav: [{ component: "VersionSwitch" }],
    sidebar: GROUPS.map(({ text, files }) => ({
      text,
      items: files.map((file) => ({ text: file === "README.md" ? "Overview" : titleOf(file), link: routeOf(file) })),
    })),
    outline: { level: [2, 3] },
    socialLinks: address === undefined ? [] : [{ icon: "github", link: address }],
    search: {
      provider: "local",
      options: { _render: (source, env, md) => (isInternal(fileIn(env)) ? "" : md.render(source, env)) },
    },
  },
};
