// Small things of the frame: open boxes close, sentences can be put away, errors get the focus.

function closeOpen(except) {
  for (const box of document.querySelectorAll("details[data-dismiss][open]")) {
    if (!except || !box.contains(except)) box.open = false;
  }
}

function addClose(notice) {
  if (notice.querySelector(".notice__close")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--plain button--small notice__close";
  button.textContent = "知道了";
  button.addEventListener("click", () => notice.remove());
  notice.append(button);
}

// A text to hand on gets a button that copies it; without the script it is selected by hand.
function addCopy(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.textContent = "复制";
  button.addEventListener("click", () => {
    field.select();
    // A plain http address has no clipboard of its own.
    const done = navigator.clipboard
      ? navigator.clipboard.writeText(field.value)
      : document.execCommand("copy")
        ? Promise.resolve()
        : Promise.reject();
    done.then(
      () => (button.textContent = "已复制"),
      () => (button.textContent = "请按 Ctrl+C 复制"),
    );
  });
  field.after(button);
}

// htmx announces the whole page too: each element is prepared once.
const ready = new WeakSet();

function fresh(root, selector) {
  const found = [...root.querySelectorAll(selector)].filter((one) => !ready.has(one));
  for (const one of found) ready.add(one);
  return found;
}

// Of more tabs than a phone is wide, the one that is open is in sight.
function show(tab) {
  const bar = tab.parentElement;
  const [at, of] = [tab.getBoundingClientRect(), bar.getBoundingClientRect()];
  bar.scrollLeft += at.left - of.left - (of.width - at.width) / 2;
}

function prepare(root) {
  for (const tab of fresh(root, ".tabs [aria-current]")) show(tab);
  for (const field of fresh(root, "[data-copy]")) addCopy(field);
  for (const button of fresh(root, "[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const notice of fresh(root, "#told [data-notice]")) addClose(notice);
  if (root.matches && root.matches("#told [data-notice]")) addClose(root);
  for (const errors of fresh(root, "[data-errors]")) errors.focus();
}

document.addEventListener("click", (event) => closeOpen(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-dismiss][open]");
  closeOpen(null);
  if (open) open.querySelector("summary").focus();
});
// On paper nothing is folded away.
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open]):not([data-dismiss])")];
  for (const box of folded) box.open = true;
});
window.addEventListener("afterprint", () => {
  for (const box of folded) box.open = false;
});

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
