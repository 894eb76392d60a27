// What htmx cannot tell by itself: no network, no answer, and that a list is being fetched.

function tell(text, kind) {
  const place = document.getElementById("told");
  if (!place) return;
  const box = document.createElement("div");
  box.className = `notice notice--${kind}`;
  const body = document.createElement("p");
  body.className = "notice__body";
  body.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button--plain button--small notice__close";
  close.textContent = "知道了";
  close.addEventListener("click", () => box.remove());
  box.append(body, close);
  place.replaceChildren(box);
}

const LOST = "没有连上服务器，刚才的操作没有提交。请检查网络后再试一次，已填写的内容还在。";

document.addEventListener("htmx:sendError", () => tell(LOST, "over"));
document.addEventListener("htmx:timeout", () => tell(LOST, "over"));
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  // Our own refusals carry their sentence; anything else came from between us and the browser.
  if (!answer.getResponseHeader("X-Request-ID")) {
    tell(`服务器暂时没有响应（${answer.status}）。请稍后再试，已填写的内容还在。`, "over");
  }
});
document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target.removeAttribute("aria-busy");
});
window.addEventListener("offline", () => {
  tell("网络断开了。现在看到的是断开前的内容，恢复之前请不要离开正在填写的页面。", "near");
});
window.addEventListener("online", () => {
  const place = document.getElementById("told");
  if (place) place.replaceChildren();
});
