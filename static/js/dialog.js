// Dialogs and menus. Both are plain elements; this closes them where a reader expects it.
function open(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (!dialog.open) {
    dialog.showModal();
    dialog.dispatchEvent(new Event("opened"));
  }
  return true;
}

const openMenus = () => document.querySelectorAll("details.menu[open], details.drawer[open]");

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  if (opener && open(opener.dataset.dialog)) event.preventDefault();
  event.target.closest?.("[data-close-details]")?.closest("details")?.removeAttribute("open");
  for (const menu of openMenus()) {
    const inside = menu.contains(event.target);
    const panel = menu.querySelector(".drawer__panel");
    // the drawer's veil belongs to its summary, which closes it by itself
    if (!inside || (opener && inside)) menu.removeAttribute("open");
    else if (panel && event.target.closest("a[href]")) menu.removeAttribute("open");
  }
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const within = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!within) event.target.close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  }
});

// a dialog whose form was saved closes: the server sends HX-Trigger: close-dialogs
document.addEventListener("close-dialogs", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});

export { open };
