/** How well some letters fit a name: in order, from the start of words, near each other; accents and case are alike. */

export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** 0 when the letters are not in the name in this order; the more the better. Both are folded. */
export function score(wanted, name) {
  if (!wanted) return 1;
  const whole = name.indexOf(wanted);
  if (whole === 0) return 1000 - name.length;
  if (whole > 0) return (startsWord(name, whole) ? 800 : 500) - name.length;
  // Each word of what was typed begins or stands in a word of the name.
  const words = wanted.split(/\s+/);
  if (words.length > 1 && words.every((word) => name.includes(word))) return 400 - name.length;
  let points = 200;
  let from = 0;
  let last = -1;
  for (const letter of wanted.replace(/\s+/g, "")) {
    const here = name.indexOf(letter, from);
    if (here < 0) return 0;
    points += startsWord(name, here) ? 12 : here === last + 1 ? 8 : -6;
    last = here;
    from = here + 1;
  }
  // Letters strewn over a long name are chance.
  return points > 190 ? points - name.length : 0;
}

const startsWord = (name, at) => at === 0 || /[\s\-_/.@(]/.test(name[at - 1]);
