// The parts of CodeMirror that the editor uses, as one module; each language is a piece of its own, fetched when needed.
export { indentWithTab } from "@codemirror/commands";
export { indentUnit, syntaxHighlighting } from "@codemirror/language";
export { MergeView, unifiedMergeView } from "@codemirror/merge";
export { EditorState } from "@codemirror/state";
export { EditorView, keymap } from "@codemirror/view";
export { classHighlighter } from "@lezer/highlight";
export { basicSetup } from "codemirror";

const script = (options) => import("@codemirror/lang-javascript").then((it) => it.javascript(options));
const html = () => import("@codemirror/lang-html").then((it) => it.html());
const css = () => import("@codemirror/lang-css").then((it) => it.css());
const markdown = () => import("@codemirror/lang-markdown").then((it) => it.markdown());
const yaml = () => import("@codemirror/lang-yaml").then((it) => it.yaml());
const xml = () => import("@codemirror/lang-xml").then((it) => it.xml());
const old = async (load, name) => {
  const [{ StreamLanguage }, mode] = await Promise.all([import("@codemirror/language"), load()]);
  return StreamLanguage.define(mode[name]);
};
const shell = () => old(() => import("@codemirror/legacy-modes/mode/shell"), "shell");
const toml = () => old(() => import("@codemirror/legacy-modes/mode/toml"), "toml");
const properties = () => old(() => import("@codemirror/legacy-modes/mode/properties"), "properties");

/** How each kind of file is read, by the end of its name. */
export const languages = {
  js: () => script({ jsx: true }),
  mjs: () => script({ jsx: true }),
  cjs: () => script({ jsx: true }),
  jsx: () => script({ jsx: true }),
  ts: () => script({ typescript: true }),
  mts: () => script({ typescript: true }),
  tsx: () => script({ jsx: true, typescript: true }),
  json: () => import("@codemirror/lang-json").then((it) => it.json()),
  html,
  htm: html,
  vue: html,
  svelte: html,
  jinja: html,
  css,
  scss: css,
  md: markdown,
  markdown,
  py: () => import("@codemirror/lang-python").then((it) => it.python()),
  sql: () => import("@codemirror/lang-sql").then((it) => it.sql()),
  xml,
  svg: xml,
  yml: yaml,
  yaml,
  sh: shell,
  toml,
  ini: properties,
  cfg: properties,
  env: properties,
};
