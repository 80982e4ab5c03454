/** What a part of the page asks the frame to send, and what to say when that went well. */
export interface CommandRequest {
  readonly name: string;
  readonly body: object;
  readonly done: string;
}

/** Asks the frame above `from`, which listens to `nw-command`, to send a command. */
export function requestCommand(from: EventTarget, request: CommandRequest): void {
  from.dispatchEvent(new CustomEvent("nw-command", { detail: request, bubbles: true, composed: true }));
}
