// Keys for those who live in lists: j k move, Enter opens, / searches, g and a letter goes to a
// door, ? tells the keys.

const KEYS = [
  ["j / k", "下一行 / 上一行"],
  ["Enter", "打开选中的一行"],
  ["/", "搜索"],
  ["g 再按 h", "回到待办"],
  ["?", "查看这些快捷键"],
  ["Esc", "关闭打开的菜单"],
];
let waiting = false;
let timer = 0;

function typing(target) {
  return target.closest("input, select, textarea, [contenteditable], dialog") !== null;
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-rows] > tr, [data-rows] > li")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.classList.contains("is-here"));
  const next = Math.min(Math.max(here + step, 0), rows.length - 1);
  if (here >= 0) rows[here].classList.remove("is-here");
  rows[next].classList.add("is-here");
  const link = rows[next].querySelector("a[href]");
  if (link) link.focus({ preventScroll: true });
  rows[next].scrollIntoView({ block: "nearest" });
}

function search() {
  const field = document.querySelector("[data-search]");
  const other = document.querySelector('main input[type="search"]');
  const found = field && field.offsetParent !== null ? field : other;
  if (found) found.focus();
}

function go(letter) {
  for (const door of document.querySelectorAll(".rail__door[data-key]")) {
    if (door.dataset.key === letter) location.assign(door.href);
  }
}

function tell() {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = "快捷键";
  dialog.setAttribute("aria-labelledby", title.id);
  const list = document.createElement("dl");
  list.className = "facts";
  const doors = [...document.querySelectorAll(".rail__door[data-key]")].filter(
    (one) => one.dataset.key && one.dataset.key !== "h",
  );
  const more = doors.map((one) => [`g 再按 ${one.dataset.key}`, one.textContent.trim()]);
  for (const [keys, words] of [...KEYS, ...more]) {
    const row = document.createElement("div");
    const name = document.createElement("dt");
    const what = document.createElement("dd");
    name.textContent = keys;
    what.textContent = words;
    row.append(name, what);
    list.append(row);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button--main";
  close.textContent = "关闭";
  close.addEventListener("click", () => dialog.close());
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  buttons.append(close);
  dialog.append(title, list, buttons);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const ACTS = { j: () => move(1), k: () => move(-1), "/": search, "?": tell };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) return;
  if (waiting) {
    waiting = false;
    clearTimeout(timer);
    go(event.key);
    return;
  }
  if (event.key === "g") {
    waiting = true;
    timer = setTimeout(() => (waiting = false), 1200);
    return;
  }
  const act = ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
