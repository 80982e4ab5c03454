/** Lets at most so many in at a time, in the order in which they asked. */
export interface Gate {
  /** Runs `work` once there is room; what it resolves to or rejects with is handed on. */
  pass<T>(work: () => Promise<T>): Promise<T>;
}

/** A gate for `most` at a time. */
export function createGate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const enter = async () => {
    // Who waits takes over the place of the one that leaves: nobody can slip in between.
    if (inside < most) inside += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) inside -= 1;
    else next();
  };
  return {
    pass: async (work) => {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
