// Asks once more before a form with data-confirm is sent: what will happen, and to whom.
// Without the script the server asks on a page of its own (web/confirm.py).

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function ask(form, go) {
  const dialog = element("dialog", "dialog");
  const title = element("h2", "", form.dataset.confirmTitle || "请再确认一次");
  title.id = "confirm-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const buttons = element("div", "buttons");
  const kind = form.dataset.confirmDanger === undefined ? "button--main" : "button--danger";
  const yes = element("button", `button ${kind}`, form.dataset.confirmWord || "确认办理");
  const no = element("button", "button button--plain", "先不办理");
  yes.type = no.type = "button";
  buttons.append(yes, no);
  dialog.append(title, element("p", "lines", form.dataset.confirm), buttons);
  const opener = document.activeElement;
  yes.addEventListener("click", () => {
    dialog.close();
    go();
  });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener && opener.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function mark(form) {
  const said = element("input");
  said.type = "hidden";
  said.name = "confirmed";
  said.value = "1";
  form.append(said);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.querySelector('input[name="confirmed"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter || undefined;
    ask(form, () => {
      mark(form);
      form.requestSubmit(submitter);
    });
  },
  true,
);
