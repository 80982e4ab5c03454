/** An address or a name that no program could mistake for an option, and that hides nothing. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^[\p{L}\p{N}_:][\p{L}\p{N}_.:%-]*$/u.test(text);
}
