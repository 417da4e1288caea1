// The open files: which one is shown, which are changed, and what becomes of one that is saved.
import { ask, Refused } from "./api.js";
import { goTo, show, stateOf, textOf } from "./view.js";

export class Documents extends EventTarget {
  constructor({ address, place, tabs, nonce, words }) {
    super();
    Object.assign(this, { address, place, tabs, nonce, words, open: new Map(), current: null, view: null });
    tabs.addEventListener("click", (event) => this.#press(event));
    window.addEventListener("beforeunload", (event) => { if (this.changed.length) event.preventDefault(); });
  }

  get changed() { return [...this.open.values()].filter((one) => one.isChanged); }

  get shown() { return this.current && this.open.get(this.current); }

  read(path) { return ask("GET", `${this.address}/read?path=${encodeURIComponent(path)}`); }

  /** Open a file, or bring it to the front; `line` is where to go in it. */
  async show(path, line, { focus = true } = {}) {
    if (!this.open.has(path)) {
      const { content, blobId } = await this.read(path);
      if (!this.open.has(path)) this.open.set(path, await this.#document(path, content, blobId));
    }
    this.#keep();
    this.current = path;
    this.#draw(line, focus);
    this.#tell("shown", path);
  }

  async #document(path, content, blobId) {
    const one = { path, blobId, saved: textOf(content), isChanged: false };
    const onChange = (state) => this.#mark(one, !state.doc.eq(one.saved));
    const keys = [{ key: "Mod-s", preventDefault: true, run: () => { this.save(); return true; } }];
    one.state = await stateOf(path, content, { nonce: this.nonce, onChange, keys });
    return one;
  }

  #keep() { if (this.shown && this.view) this.shown.state = this.view.state; }

  #draw(line, focus) {
    const { state } = this.shown;
    if (this.view) this.view.setState(state);
    else this.view = show(this.place, state);
    this.place.hidden = false;
    this.#drawTabs();
    if (line) goTo(this.view, line); else if (focus) this.view.focus();
  }

  #mark(one, isChanged) {
    if (one.isChanged === isChanged) return;
    one.isChanged = isChanged;
    this.#drawTabs();
    this.#tell("marked", one.path);
  }

  text(path = this.current) {
    return (path === this.current && this.view ? this.view.state : this.open.get(path).state).sliceDoc();
  }

  /** Save the file that is shown; a conflict is told with both sides, and nothing is overwritten. */
  async save() {
    const one = this.shown;
    if (!one || !one.isChanged || one.isSaving) return;
    await this.put(one.path, this.text(), one.blobId);
  }

  async put(path, content, ifMatch) {
    const one = this.open.get(path);
    one.isSaving = true;
    this.#tell("saving", path);
    try {
      one.blobId = (await ask("PATCH", this.address, { path, content, ifMatch })).blobId;
      one.saved = textOf(content);
      this.#mark(one, path === this.current && !this.view.state.doc.eq(one.saved));
      this.#tell("saved", path);
    } catch (trouble) {
      if (!(trouble instanceof Refused) || trouble.status !== 409) this.#tell("refused", path, trouble);
      else this.#tell("conflict", path, await this.read(path).catch(() => ({ content: null, blobId: null })));
    } finally {
      one.isSaving = false;
    }
  }

  /** Take over another text for a file, and what is saved of it under which id. */
  replace(path, content, blobId, saved = content) {
    const one = this.open.get(path);
    one.blobId = blobId;
    one.saved = textOf(saved);
    if (path === this.current) {
      this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: content } });
      this.#mark(one, !this.view.state.doc.eq(one.saved));
    }
  }

  close(path) {
    const one = this.open.get(path);
    if (!one || (one.isChanged && !window.confirm(this.words.lose.replace("{path}", path)))) return;
    this.forget(path);
  }

  /** Let go of a file whatever became of it. */
  forget(path) {
    const order = [...this.open.keys()];
    const place = order.indexOf(path);
    if (place < 0) return;
    this.open.delete(path);
    if (path !== this.current) { this.#drawTabs(); return; }
    this.current = null;
    const next = order[place + 1] ?? order[place - 1];
    if (next) this.show(next);
    else { this.place.hidden = true; this.#drawTabs(); this.#tell("shown", null); }
  }

  step(by) {
    const order = [...this.open.keys()];
    if (order.length) this.show(order[(order.indexOf(this.current) + by + order.length) % order.length]);
  }

  #press(event) {
    const path = event.target.closest("[data-path]")?.dataset.path;
    if (!path) return;
    if (event.target.closest("[data-close]")) this.close(path); else this.show(path);
  }

  #drawTabs() {
    this.tabs.replaceChildren(...[...this.open.values()].map((one) => {
      const item = document.createElement("li");
      item.dataset.path = one.path;
      item.className = "editor__tab";
      const name = document.createElement("button");
      name.type = "button";
      name.title = one.path;
      name.textContent = one.path.split("/").pop();
      if (one.path === this.current) name.setAttribute("aria-current", "true");
      if (one.isChanged) name.append(Object.assign(document.createElement("span"), { className: "editor__dot", title: this.words.unsaved, textContent: "●" }));
      const close = document.createElement("button");
      Object.assign(close, { type: "button", textContent: "×", title: this.words.close });
      close.setAttribute("aria-label", `${this.words.close} ${one.path}`);
      close.dataset.close = "";
      item.append(name, close);
      return item;
    }));
    this.tabs.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #tell(type, path, detail) { this.dispatchEvent(new CustomEvent(type, { detail: { path, more: detail } })); }
}
