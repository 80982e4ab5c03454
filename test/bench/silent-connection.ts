import type { Connection } from "../../src/sinks/mqtt/connection.ts";

/** A connection that takes everything at once; `published` hears of each message. */
export function silentConnection(published: () => void): Connection {
  return {
    isConnected: () => true,
    publish: async () => {
      published();
      return true;
    },
    subscribe: async () => true,
    unsubscribe: () => {},
    close: async () => {},
  };
}
