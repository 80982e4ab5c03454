export type Topic = string;

/** Every topic name is made here. */
export interface TopicNames {
  readonly site: string;
  readonly version: string;
  /** Our availability, the last will. */
  readonly status: Topic;
  readonly event: Topic;
  /** Home Assistant's birth message. */
  readonly birth: Topic;
  readonly commands: Topic;
  command(name: string): Topic;
  state(subject: string): Topic;
  attributes(subject: string): Topic;
  availability(subject: string): Topic;
  discovery(subject: string): Topic;
  deviceId(subject: string): string;
  /** Matches every discovery topic of this kind, also of other programs. */
  readonly anyDiscovery: Topic;
  /** Match every retained topic of our subjects. */
  readonly anyOwn: readonly Topic[];
  /** True for a discovery topic of this site. */
  isOwnDiscovery(topic: Topic): boolean;
  /** True for a retained topic of one of our subjects. */
  isOwnState(topic: Topic): boolean;
  /** The subject that one of our retained topics belongs to. */
  subjectOf(topic: Topic): string | undefined;
}

/** All retained topics that a subject may have. */
export function topicsOf(subject: string, names: TopicNames): readonly Topic[] {
  return [names.discovery(subject), names.state(subject), names.attributes(subject), names.availability(subject)];
}

/** The names for one site on one broker. */
export function topicNames(settings: { site: string; base: string; prefix: string; version: string }): TopicNames {
  const { site, prefix, version } = settings;
  const root = `${settings.base}/${site}`;
  const device = (subject: string) => `netwarden_${site}_${subject}`;
  const own = new RegExp(`^netwarden_${site}_(hub|host|(target|hop|router|mesh|client)_[a-z0-9_]+)$`);
  const isOwnState = (topic: Topic) =>
    topic.startsWith(`${root}/`) && /^[^/]+\/(state|attributes|availability)$/.test(topic.slice(root.length + 1));
  const isOwnDiscovery = (topic: Topic) =>
    topic.startsWith(`${prefix}/device/`) && own.test(topic.split("/").at(-2) ?? "");
  return {
    site,
    version,
    status: `${root}/status`,
    event: `${root}/event`,
    birth: `${prefix}/status`,
    commands: `${root}/command/+`,
    command: (name) => `${root}/command/${name}`,
    state: (subject) => `${root}/${subject}/state`,
    attributes: (subject) => `${root}/${subject}/attributes`,
    availability: (subject) => `${root}/${subject}/availability`,
    discovery: (subject) => `${prefix}/device/${device(subject)}/config`,
    deviceId: device,
    anyDiscovery: `${prefix}/device/+/config`,
    anyOwn: [`${root}/+/state`, `${root}/+/attributes`, `${root}/+/availability`],
    isOwnState,
    isOwnDiscovery,
    subjectOf: (topic) => {
      if (isOwnState(topic)) return topic.slice(root.length + 1).split("/")[0];
      return isOwnDiscovery(topic) ? topic.split("/").at(-2)?.slice(device("").length) : undefined;
    },
  };
}
