// Everything that makes a page smoother. Each module listens on the document, so parts that HTMX swaps in need nothing.
import "./requests.js";
import "./forms.js";
import "./files.js";
import "./mentions.js";
import "./toasts.js";
import "./copy.js";
import "./times.js";
import "./strips.js";
import "./dialog.js";
import "./keys.js";
import "./palette.js";
import "./logs.js";
import "./commands.js";
import "./talk.js";

if (document.querySelector("[data-board]")) import("./board.js");
