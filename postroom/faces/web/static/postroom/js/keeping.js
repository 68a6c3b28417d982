// What is shown once can be saved as a file, or printed.

for (const button of document.querySelectorAll("[data-save-as]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([button.dataset.words], { type: "text/plain" }));
    const link = Object.assign(document.createElement("a"), { href: address, download: button.dataset.saveAs });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
