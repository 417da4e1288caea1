// Pictures and files of a form: dropped or pasted anywhere in it, shown before they are sent, left out again.
const MEGABYTE = 1024 * 1024;

const chooser = (field) => field.querySelector("input[type=file][multiple]");
const size = (bytes) => (bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / MEGABYTE).toFixed(1)} MB`);

function put(field, files) {
  const held = new DataTransfer();
  for (const file of files) held.items.add(file);
  chooser(field).files = held.files;
  show(field);
}

function add(field, fresh) {
  const most = Number(field.dataset.most) * MEGABYTE;
  const tooLarge = fresh.filter((file) => file.size > most);
  put(field, [...chooser(field).files, ...fresh.filter((file) => file.size <= most)]);
  complain(field, tooLarge);
}

function complain(field, tooLarge) {
  const trouble = field.querySelector("[data-files-trouble]");
  trouble.hidden = tooLarge.length === 0;
  trouble.textContent = tooLarge.map((file) => `${file.name} ${field.dataset.tooLarge}`).join(" ");
}

function show(field) {
  const list = field.querySelector("[data-files-list]");
  const files = [...chooser(field).files];
  list.hidden = files.length === 0;
  list.replaceChildren(...files.map((file) => row(field, file)));
}

function row(field, file) {
  const item = document.createElement("li");
  item.className = "file";
  const name = document.createElement("bdi");
  name.className = "file__name";
  name.textContent = file.name;
  const length = document.createElement("span");
  length.className = "file__size";
  length.textContent = size(file.size);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "button button--quiet button--small";
  remove.textContent = field.dataset.remove;
  remove.setAttribute("aria-label", `${field.dataset.remove}: ${file.name}`);
  remove.addEventListener("click", () => {
    put(field, [...chooser(field).files].filter((each) => each !== file));
    chooser(field).focus();
  });
  item.append(picture(file), name, length, remove);
  return item;
}

function picture(file) {
  const canvas = document.createElement("canvas");
  canvas.className = "file__picture";
  if (!file.type.startsWith("image/")) return canvas;
  createImageBitmap(file, { resizeHeight: 96 }).then(
    (bitmap) => {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
    },
    () => {}, // no picture that this browser can read; its name says enough
  );
  return canvas;
}

const fieldOf = (target) => target.closest?.("form")?.querySelector("[data-files]");

document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-files]");
  if (!field || event.target.type !== "file") return;
  if (event.target === chooser(field)) {
    const chosen = [...event.target.files];
    put(field, []);
    add(field, chosen);
  } else {
    add(field, [...event.target.files]);
    event.target.value = "";
  }
});

document.addEventListener("paste", (event) => {
  const field = fieldOf(event.target);
  const files = [...(event.clipboardData?.files ?? [])];
  if (!field || files.length === 0) return;
  event.preventDefault();
  add(field, files);
});

document.addEventListener("dragover", (event) => {
  if (fieldOf(event.target) && event.dataTransfer?.types.includes("Files")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const field = fieldOf(event.target);
  if (!field || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  add(field, [...event.dataTransfer.files]);
});

// A browser that comes back to a page puts the chosen files there again, without a word to us.
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("[data-files]")) show(field);
});
