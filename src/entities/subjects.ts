import type { View } from "../model/view.ts";
import { type ClientTier, clientKind } from "./client.ts";
import { createHub } from "./hub.ts";
import { kept } from "./kept.ts";
import { meshKind } from "./mesh.ts";
import { createRouterKind, isUnread } from "./router.ts";
import type { Subject } from "./subject.ts";
import { hopKind, targetKind } from "./target.ts";

/** All that Home Assistant is shown. */
export interface Shown {
  readonly subjects: readonly Subject[];
  /** True: there may be more mesh points than are known yet, because a router was not read yet. */
  readonly mayHaveMoreMesh: boolean;
}

/** Turns views into subjects, and keeps the objects of those that did not change. */
export function createSubjects(clientTier: ClientTier): (view: View) => Shown {
  const hub = createHub();
  const routers = kept(createRouterKind());
  const mesh = kept(meshKind);
  const targets = kept(targetKind);
  const hops = kept(hopKind);
  const clients = clientTier === "none" ? () => [] : kept(clientKind(clientTier));
  return (view) => ({
    subjects: [
      hub(view),
      ...routers(view.network.routers),
      ...mesh(view.network.meshPoints),
      ...targets(view.targets),
      ...hops(view.hops),
      ...clients(view.network.devices),
    ],
    mayHaveMoreMesh: view.network.routers.some(isUnread),
  });
}
