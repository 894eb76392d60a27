// Nothing typed is lost: forms with data-keep are remembered in this tab until they are saved,
// over an expired session too. Passwords, codes, files and hidden fields are never remembered.

const PREFIX = "keep:";
const SENT = "keep-sent";
const BROKEN = "keep-broken";
const person = document.body.dataset.person || "";
const forms = [...document.querySelectorAll("form[data-keep]")];
const dirty = new Set();

function keyOf(form) {
  return `${PREFIX}${person}:${location.pathname}:${forms.indexOf(form)}`;
}

function fieldsOf(form) {
  return [...form.elements].filter(
    (one) =>
      one.name &&
      one.autocomplete !== "one-time-code" &&
      !["hidden", "password", "file", "submit", "button"].includes(one.type),
  );
}

function remember(form) {
  const values = fieldsOf(form).map((one) => {
    if (one.type === "checkbox" || one.type === "radio") return [one.name, one.value, one.checked];
    if (one.multiple) return [one.name, null, [...one.selectedOptions].map((each) => each.value)];
    return [one.name, null, one.value];
  });
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(values));
  } catch (error) {
    // A full store costs the draft, never the form.
  }
}

function restore(form, values) {
  let changed = false;
  const fields = fieldsOf(form);
  for (const [name, value, state] of values) {
    const field = fields.find((one) => one.name === name && (value === null || one.value === value));
    if (!field) continue;
    if (value !== null) {
      changed = changed || field.checked !== state;
      field.checked = state;
    } else if (Array.isArray(state)) {
      for (const each of field.options) each.selected = state.includes(each.value);
    } else {
      changed = changed || field.value !== state;
      field.value = state;
    }
  }
  return changed;
}

function tellRestored(form) {
  const box = document.createElement("div");
  box.className = "notice notice--near";
  const body = document.createElement("div");
  body.className = "notice__body";
  body.textContent = "已恢复您上次没有提交的内容，请核对后提交。附件需要重新选择。";
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "button button--small";
  drop.textContent = "不要恢复的内容";
  drop.addEventListener("click", () => {
    forget(form);
    form.reset();
    box.remove();
  });
  box.setAttribute("role", "status");
  box.append(body, drop);
  form.prepend(box);
}

function forget(form) {
  dirty.delete(form);
  sessionStorage.removeItem(keyOf(form));
}

function forgetAll() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
  sessionStorage.removeItem(SENT);
  sessionStorage.removeItem(BROKEN);
}

function settle() {
  const sent = sessionStorage.getItem(SENT);
  if (!sent) return;
  if (!person) {
    sessionStorage.setItem(BROKEN, "1");
    return;
  }
  const broken = sessionStorage.getItem(BROKEN);
  const wrong = document.querySelector("[data-errors], .gone");
  if (!broken && !wrong) sessionStorage.removeItem(sent);
  sessionStorage.removeItem(SENT);
  sessionStorage.removeItem(BROKEN);
}

settle();
for (const form of forms) {
  const kept = sessionStorage.getItem(keyOf(form));
  if (kept && !form.querySelector("[data-errors]") && restore(form, JSON.parse(kept))) {
    tellRestored(form);
    dirty.add(form);
  }
  let timer = 0;
  form.addEventListener("input", () => {
    dirty.add(form);
    clearTimeout(timer);
    timer = setTimeout(() => remember(form), 300);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    remember(form);
    dirty.delete(form);
    sessionStorage.setItem(SENT, keyOf(form));
  });
}
for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", forgetAll);
}
window.addEventListener("beforeunload", (event) => {
  if (!dirty.size) return;
  event.preventDefault();
  event.returnValue = "";
});
