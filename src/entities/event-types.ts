import type { DomainEvent } from "../model/view.ts";

/** Every event that the hub's event entity may show. */
export const eventTypes = [
  "outage_started",
  "outage_ended",
  "degraded_started",
  "degraded_ended",
  "gateway_changed",
  "external_ip_changed",
  "test_finished",
  "device_joined",
  "device_left",
  "device_moved",
  "arrived_home",
  "left_home",
  "unknown_device",
  "poor_signal",
  "bandwidth_hog",
  "router_lost",
  "router_back",
  "mesh_lost",
  "mesh_back",
  "firmware_available",
  "route_changed",
  "hops_discovered",
  "analysis_ready",
] as const satisfies readonly DomainEvent["event_type"][];
