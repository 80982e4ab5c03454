import { english } from "./text-en.ts";

/** Everything the page says. A language is one more object of this shape and one line in `languages`. */
export type Texts = typeof english;

const languages: Readonly<Record<string, Texts>> = { en: english };

/** The texts in the reader's language, or in English. */
export const text: Texts =
  navigator.languages.map((tag) => languages[tag.slice(0, 2)]).find((found) => found) ?? english;
