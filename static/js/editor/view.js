// The text itself: CodeMirror in the page's own colours, in the language that the file's name says.
import {
  EditorState, EditorView, MergeView, basicSetup, classHighlighter, indentUnit, indentWithTab,
  keymap, languages, syntaxHighlighting, unifiedMergeView,
} from "../vendor/codemirror/codemirror.js";

const LARGE = 600_000; // characters; beyond that colours cost more than they tell

const colours = EditorView.theme({
  "&": { color: "var(--code-ink)", backgroundColor: "var(--surface)", height: "100%", fontSize: "var(--t-s)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--ink-3)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--hover) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--hover)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--running-wash) !important" },
  ".cm-selectionMatch": { backgroundColor: "var(--waiting-wash)" },
  ".cm-searchMatch": { backgroundColor: "var(--waiting-wash)", outline: "1px solid var(--waiting-line)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--waiting-line)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-wash)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunken)", color: "var(--ink-2)", border: "1px solid var(--line)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panels button, .cm-button": { backgroundImage: "none", backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)", borderRadius: "var(--r-s)" },
  ".cm-textfield": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--control-line)", borderRadius: "var(--r-s)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-changedLine, .cm-insertedLine": { backgroundColor: "color-mix(in srgb, var(--ready-wash) 45%, var(--surface)) !important" },
  ".cm-deletedChunk, .cm-deletedLine, &.cm-merge-a .cm-changedLine": { backgroundColor: "color-mix(in srgb, var(--failed-wash) 45%, var(--surface)) !important" },
  ".cm-changedText": { backgroundImage: "none !important", backgroundColor: "var(--ready-wash) !important" },
  ".cm-deletedText, .cm-deletedChunk .cm-deletedText, &.cm-merge-a .cm-changedText": { backgroundImage: "none !important", backgroundColor: "var(--failed-wash) !important" },
});

/** What every text here has, whatever is done with it. */
const common = (nonce, label) => [
  EditorView.cspNonce.of(nonce),
  colours,
  syntaxHighlighting(classHighlighter),
  EditorView.contentAttributes.of({ "aria-label": label, "data-gramm": "false" }),
];

async function languageOf(path, size) {
  const end = path.slice(path.lastIndexOf("/") + 1).split(".").pop().toLowerCase();
  if (size > LARGE || !Object.hasOwn(languages, end)) return [];
  return languages[end]();
}

function indentOf(text) {
  const found = /^( +|\t)\S/m.exec(text.slice(0, 20_000));
  return indentUnit.of(found && found[1] !== "\t" ? " ".repeat(Math.min(found[1].length, 8)) : found ? "\t" : "  ");
}

// A file whose lines end as on Windows is written so again.
const endsOf = (text) => (/\r\n/.test(text) && !/[^\r]\n/.test(text) ? EditorState.lineSeparator.of("\r\n") : []);

/** Return the state of a file that can be changed; `onChange` hears of every change. */
export async function stateOf(path, text, { nonce, onChange, keys }) {
  return EditorState.create({
    doc: text,
    extensions: [
      keymap.of(keys), basicSetup, keymap.of([indentWithTab]), indentOf(text), endsOf(text), await languageOf(path, text.length), common(nonce, path),
      EditorView.updateListener.of((update) => { if (update.docChanged) onChange(update.state); }),
    ],
  });
}

export const textOf = (text) => EditorState.create({ doc: text, extensions: endsOf(text) }).doc;

/** Put a text on the page; what scrolls is reached by the keyboard, too. */
export function show(parent, state) {
  const view = new EditorView({ parent, state });
  view.scrollDOM.tabIndex = 0;
  return view;
}

export function goTo(view, line) {
  const place = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
  view.dispatch({ selection: { anchor: place.from }, effects: EditorView.scrollIntoView(place.from, { y: "center" }) });
  view.focus();
}

/** Show what a text became, in one column; nothing can be changed. */
export async function showDifference(parent, path, { before, after, nonce, label }) {
  return show(parent, EditorState.create({
    doc: after,
    extensions: [
      basicSetup, EditorState.readOnly.of(true), EditorView.editable.of(false), await languageOf(path, after.length), common(nonce, label),
      unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 } }),
    ],
  }));
}

/** Show two sides beside each other: theirs as it is, mine to be changed. */
export async function showSides(parent, path, { theirs, mine, nonce, labels }) {
  const language = await languageOf(path, mine.length);
  const view = new MergeView({
    parent,
    a: { doc: theirs, extensions: [basicSetup, EditorState.readOnly.of(true), language, common(nonce, labels.theirs)] },
    b: { doc: mine, extensions: [basicSetup, endsOf(mine), keymap.of([indentWithTab]), language, common(nonce, labels.mine)] },
    revertControls: "a-to-b",
    collapseUnchanged: { margin: 3, minSize: 8 },
  });
  for (const side of [view.a, view.b]) side.scrollDOM.tabIndex = 0;
  return view;
}
