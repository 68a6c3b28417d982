// A form that a person need not send: its page exists only to send it.
document.querySelector("form[data-send-at-once]")?.requestSubmit();
