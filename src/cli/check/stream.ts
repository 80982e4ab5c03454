/** One message of a stream of server-sent events. */
export interface Message {
  readonly event: string;
  readonly data: string;
}

/** The messages of a response as they come; a single one longer than `longest` characters ends it with an error. */
export async function* messages(response: Response, longest: number): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) yield messageOf(block);
    if (text.length > longest) throw new RangeError("a message is too long");
  }
}

function messageOf(block: string): Message {
  const fields = block.split("\n").map((line) => {
    const [, name = "", value = ""] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    return { name, value };
  });
  const all = (name: string) => fields.flatMap((field) => (field.name === name ? [field.value] : []));
  return { event: all("event").at(-1) ?? "message", data: all("data").join("\n") };
}
