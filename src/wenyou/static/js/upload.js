// A file chosen: its name and size are said, one that is too large is refused before sending.

function size(bytes) {
  const mega = bytes / 1024 / 1024;
  return mega < 0.1 ? `${Math.ceil(bytes / 1024)} KB` : `${mega.toFixed(1)} MB`;
}

function say(field) {
  const box = field.closest(".upload");
  if (!box) return;
  let line = box.querySelector(".upload__said");
  if (!line) {
    line = document.createElement("p");
    line.className = "upload__said dense soft";
    line.setAttribute("role", "status");
    box.append(line);
  }
  const most = Number(field.dataset.most || 0);
  const files = [...field.files];
  const large = files.find((one) => most && one.size > most);
  if (large) {
    field.value = "";
    line.textContent = `文件“${large.name}”有 ${size(large.size)}，超过上限 ${size(most)}，请压缩或拆分后再选。`;
    return;
  }
  line.textContent = files.map((one) => `${one.name}（${size(one.size)}）`).join("，");
}

document.addEventListener("change", (event) => {
  if (event.target.type === "file") say(event.target);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const box = event.target.closest ? event.target.closest(".upload") : null;
    if (box) box.classList.toggle("is-over", kind === "dragover");
  });
}
