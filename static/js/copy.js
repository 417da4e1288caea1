// Copy buttons, and fields that select themselves.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // plain http on a machine in the network has no clipboard interface
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) {
    if (event.target.matches?.("[data-select]")) event.target.select();
    return;
  }
  await copy(button.dataset.copy);
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  if (before === button.dataset.copied) return;
  words.textContent = button.dataset.copied ?? before;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { words.textContent = before; }, 2000);
});
