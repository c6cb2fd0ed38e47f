type KafkaPlace = {
  readonly port: number;
  readonly controllerPort: number;
  readonly logDir: string;
};

const kafkaSettings = ({ port, controllerPort, logDir }: KafkaPlace): Record<string, string | number | boolean> => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  listeners: `BROKER://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `BROKER://127.0.0.1:${port}`,
  'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'BROKER',
  'controller.listener.names': 'CONTROLLER',
  'log.dirs': logDir,

  // The topics are the source of truth: nothing expires, and nothing appears by a typing mistake.
  'log.retention.ms': -1,
  'log.message.timestamp.type': 'LogAppendTime',
  'auto.create.topics.enable': false,
  'num.partitions': 3,

  // One broker, so one copy; few internal partitions, as each costs time at start.
  'default.replication.factor': 1,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 3,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 3,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'group.initial.rebalance.delay.ms': 0,

  // After a kill, the controller lets the broker in again only once its old session is over. A shorter one than this, which is the
  // default, would end while a busy machine holds the broker up, and then no partition has a leader.
  'broker.session.timeout.ms': 9_000,
  'broker.heartbeat.interval.ms': 500,
});

/** The text of a `server.properties` for one broker that is its own controller. */
export const kafkaProperties = (place: KafkaPlace): string =>
  Object.entries(kafkaSettings(place))
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('');
