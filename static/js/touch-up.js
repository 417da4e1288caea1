// Takes over what was pointed at on a running page: it comes in the address, as text, and is only shown.
const START = "#edits=";

const carried = () => {
  if (!location.hash.startsWith(START)) return null;
  const said = location.hash.slice(START.length);
  history.replaceState(null, "", location.pathname + location.search);
  try {
    const bytes = Uint8Array.from(atob(said.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
};

const take = () => {
  const form = document.querySelector("#carried");
  const said = form && carried();
  if (!said) return;
  form.elements.carried.value = said;
  form.requestSubmit();
};

window.addEventListener("hashchange", take);
window.addEventListener("load", take); // once htmx has read the page
