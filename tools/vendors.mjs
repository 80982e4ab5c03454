// Writes dist/vendors.txt, the manufacturers of network cards in a form that costs the running program little: the package it
// is made from holds postal addresses too and would take 33 MB of memory.
//   `# ` and how many prefixes there are; then a line for each manufacturer: its name, a tab, and its prefixes in hex, those
//   of 6 digits, a space, of 7, a space, of 9.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Lengths of the prefixes that are assigned, in hex digits. */
const lengths = [6, 7, 9];
const longestName = 32;

/** The whole text; `assigned` maps a prefix in hex to a manufacturer's name and address. */
export function vendorsText(assigned) {
  // By the name in small letters: the same firm registers as `Foo Inc.` and as `FOO INC`.
  const firms = new Map();
  for (const [prefix, text] of Object.entries(assigned)) {
    const name = shortName(text.split("\n")[0]);
    // Those who pay for it stay unnamed, and blocks of the authority itself are assigned in smaller pieces.
    if (name === "" || name === "Private" || name === "IEEE Registration Authority") continue;
    const firm = firms.get(name.toLowerCase());
    if (firm === undefined) firms.set(name.toLowerCase(), { name, prefixes: [prefix.toLowerCase()] });
    else firm.prefixes.push(prefix.toLowerCase());
  }
  const inOrder = [...firms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, firm]) => firm);
  const count = inOrder.reduce((sum, { prefixes }) => sum + prefixes.length, 0);
  return `# ${count}\n${inOrder.map(({ name, prefixes }) => `${name}\t${packed(prefixes)}\n`).join("")}`;
}

/** The name as people say it: `HUAWEI TECHNOLOGIES CO.,LTD` → `Huawei Technologies`. */
export function shortName(name) {
  const tidy = name
    .normalize("NFKC")
    .replace(/\p{C}/gu, "")
    .replace(/\s*\([^()]*\)?/g, " ")
    .replace(/,? an? \S+ company$/i, "")
    .replace(/\s+/g, " ")
    .trim();
  const short = withoutLegalForm(tidy);
  return cut(readable(short === "" ? name.trim() : short));
}

const legalForms =
  "inc|incorporated|incorporation|corp|corporate|corporation|co|company|ltd|limited|llc|llp|lp|plc|gmbh|ggmbh|mbh|ag|kg|ohg|ug|ab|as|a/s|aps|asa|" +
  "oy|oyj|sa|s/a|sas|sasu|sarl|sau|srl|spa|sl|slu|snc|bv|bvba|nv|vof|pty|pte|pvt|private|p/l|ltda|lda|sdn|bhd|kk|kft|zrt|" +
  "jsc|ojsc|pjsc|uab|sia|doo|sro|kabushiki kaisha|sti|cv|de cv|a s|s a|b v|n v|s r l|s p a|s l|k k|s r o|d o o|sp z o o|" +
  "l l c|s a s|s a r l|e k|ek|co kg|s a de c v|sa de cv|public joint stock|joint stock";
const ending = new RegExp(`[\\s.,;&+/-]+(?:${legalForms.replaceAll(" ", "[. ]+")})[\\s.,;&+/-]*$`, "i");

function withoutLegalForm(name) {
  let short = name;
  for (let before = ""; before !== short; ) {
    before = short;
    short = short.replace(ending, "");
  }
  return short.replace(/[\s.,;&+/-]+$/, "");
}

/** Shouted names are set in ordinary letters, short words excepted: they are abbreviations. */
function readable(name) {
  if (/^[a-z]{1,3}$/.test(name)) return name.toUpperCase();
  if (/\p{Ll}/u.test(name)) return name;
  return name.replace(/\p{Lu}{3,}/gu, (word) => {
    if (/^(AND|THE|FOR)$/.test(word)) return word.toLowerCase();
    if (word.length === 3) return word;
    const isWord = word.length > 4 || /[AEIOU]/.test(word.slice(1, -1));
    return isWord && /[AEIOUYÄÖÜ]/.test(word) ? word[0] + word.slice(1).toLowerCase() : word;
  });
}

function cut(name) {
  if (name.length <= longestName) return name;
  const words = name.slice(0, longestName + 1);
  const whole = words.slice(0, Math.max(words.lastIndexOf(" "), longestName / 2));
  return whole.replace(/([\s.,;:&+/-]|\s(and|und|et|of|for|de|the|für))+$/i, "");
}

function packed(prefixes) {
  const ofLength = (length) => prefixes.filter((prefix) => prefix.length === length).sort();
  return lengths
    .map((length) => ofLength(length).join(""))
    .join(" ")
    .trimEnd();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  mkdirSync(file("dist"), { recursive: true });
  const assigned = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve("oui-data")), "utf8"));
  writeFileSync(file("dist/vendors.txt"), vendorsText(assigned));
}
