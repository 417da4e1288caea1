// The editor: makes the page's plain form a workplace with open files, a conflict with both sides, and a live preview.
import { ask } from "./api.js";
import { Documents } from "./documents.js";
import { startPreview } from "./preview.js";
import { showDifference, showSides } from "./view.js";

const root = document.querySelector("[data-editor]");
const { version, parent, nonce } = root.dataset;
root.classList.add("editor--live");
const words = JSON.parse(root.dataset.words);
const narrow = window.matchMedia("(max-width: 60rem)"); // where files, text and preview stand one below the other
const part = (name) => root.querySelector(`[data-part=${name}]`);
const files = `/api/app-versions/${version}/files`;

const documents = new Documents({ address: files, place: part("text"), tabs: part("tabs"), nonce, words });
const preview = startPreview(part("preview"), { onPlace: (path, line) => open(path, line) });

const say = (text, tone = "neutral") => {
  part("status").textContent = text;
  part("status").className = `editor__status tone-${tone}`;
};

async function open(path, line, how) {
  leaveSides();
  try {
    await documents.show(path, line, how);
  } catch (trouble) {
    say(trouble.message, "failed");
  }
}

// --- files beside the text -----------------------------------------------------------------------------------

root.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link.dataset.open, Number(link.dataset.line) || undefined);
    if (narrow.matches) link.closest("details.editor__drawer").open = false;
  }
});

// The server says what became of a file, since the same forms work without this script.
document.addEventListener("file-made", (event) => open(event.detail.path));
document.addEventListener("file-gone", (event) => documents.forget(event.detail.path));
document.addEventListener("file-moved", (event) => {
  documents.forget(event.detail.path);
  open(event.detail.to);
});
document.addEventListener("files-changed", () => preview.saved());

// --- one file ------------------------------------------------------------------------------------------------

documents.addEventListener("shown", ({ detail: { path } }) => {
  part("empty").hidden = Boolean(path);
  for (const link of root.querySelectorAll("a[data-open]")) {
    if (link.dataset.open === path) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  }
  for (const field of root.querySelectorAll("[data-shown-path]")) field.value = path ?? "";
  for (const button of root.querySelectorAll("[data-of-file]")) button.disabled = !path;
  const address = new URL(location.href);
  if (path) address.searchParams.set("path", path); else address.searchParams.delete("path");
  history.replaceState(null, "", address);
  say(path ?? "");
  mark();
});
const mark = () => {
  const one = documents.shown;
  part("save").disabled = !one?.isChanged;
  if (one) say(one.isChanged ? words.changed.replace("{path}", one.path) : one.path, one.isChanged ? "waiting" : "neutral");
};
documents.addEventListener("marked", mark);
documents.addEventListener("saving", ({ detail }) => say(words.saving.replace("{path}", detail.path), "running"));
documents.addEventListener("refused", ({ detail }) => say(detail.more.message, "failed"));
documents.addEventListener("saved", ({ detail }) => {
  mark();
  say(words.saved.replace("{path}", detail.path), "ready");
  preview.saved();
});
part("save").addEventListener("click", () => documents.save());

// --- two texts beside each other -----------------------------------------------------------------------------

let sides = null;

function leaveSides() {
  sides?.destroy();
  sides = null;
  part("sides").hidden = true;
  part("sides-text").replaceChildren();
  part("writing").hidden = false;
}

function enterSides(title, isConflict) {
  leaveSides();
  part("writing").hidden = true;
  part("sides").hidden = false;
  part("sides-title").textContent = title;
  for (const button of part("sides").querySelectorAll("[data-conflict]")) button.hidden = !isConflict;
  part("leave-sides").focus();
}

documents.addEventListener("conflict", async ({ detail: { path, more: theirs } }) => {
  if (theirs.content === null) { say(words.gone.replace("{path}", path), "failed"); return; }
  enterSides(words.conflict.replace("{path}", path), true);
  say(words.conflict.replace("{path}", path), "failed");
  const texts = { theirs: theirs.content, mine: documents.text(path) };
  sides = await showSides(part("sides-text"), path, { ...texts, nonce, labels: { theirs: words.theirs, mine: words.mine } });
  part("take-theirs").onclick = () => {
    documents.replace(path, theirs.content, theirs.blobId);
    leaveSides();
    mark();
  };
  part("save-mine").onclick = async () => {
    const mine = sides.b.state.sliceDoc();
    documents.replace(path, mine, theirs.blobId, theirs.content);
    leaveSides();
    await documents.put(path, mine, theirs.blobId);
  };
});
part("leave-sides").addEventListener("click", () => { leaveSides(); mark(); });

part("compare")?.addEventListener("click", async () => {
  const { path } = documents.shown;
  const before = await ask("GET", `/api/app-versions/${parent}/files/read?path=${encodeURIComponent(path)}`).catch(() => ({ content: "" }));
  enterSides(words.difference.replace("{path}", path), false);
  sides = await showDifference(part("sides-text"), path, { before: before.content, after: documents.text(path), nonce, label: words.difference.replace("{path}", path) });
});

// --- keys ----------------------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (control && key === "s") { event.preventDefault(); documents.save(); }
  else if (control && event.shiftKey && key === "f") { event.preventDefault(); part("search").focus(); }
  else if (event.altKey && key === "w") { event.preventDefault(); if (documents.current) documents.close(documents.current); }
  else if (event.altKey && event.shiftKey && key === "arrowright") { event.preventDefault(); documents.step(1); }
  else if (event.altKey && event.shiftKey && key === "arrowleft") { event.preventDefault(); documents.step(-1); }
  else if (key === "escape" && !part("sides").hidden) { leaveSides(); mark(); }
});

const first = root.dataset.path;
if (first) open(first, Number(root.dataset.line) || undefined, { focus: false });
