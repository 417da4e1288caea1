// Small comforts of forms: a choice that sends its form, an address without empty fields, a line that empties itself.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (form.matches?.("[data-clears]") && event.detail.successful) {
    form.reset();
    form.querySelector("input:not([type=hidden])")?.focus();
  }
});

// News does not take away what somebody is just writing: the part is asked for again with the next news.
const isNews = (config) => config?.triggeringEvent?.type.startsWith("request-");
const isInUse = (part) =>
  [...part.querySelectorAll("textarea")].some((text) => text.value !== text.defaultValue) ||
  part.querySelector("details[open] :is(input:not([type=hidden]), textarea)") !== null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isNews(event.detail.requestConfig) && isInUse(event.detail.target)) event.preventDefault();
});

// They may have begun while it was on its way.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (isNews(event.detail.requestConfig) && isInUse(event.detail.target)) event.detail.shouldSwap = false;
});
