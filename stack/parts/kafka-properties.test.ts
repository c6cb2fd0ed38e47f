import { describe, expect, it } from 'vitest';
import { kafkaProperties } from './kafka-properties.ts';

describe('kafkaProperties', () => {
  it('keeps every record forever, stamped by the broker, on loopback only', () => {
    const lines = kafkaProperties({ port: 9092, controllerPort: 9093, logDir: '/data' }).split('\n');

    expect(lines).toContain('log.retention.ms=-1');
    expect(lines).toContain('log.message.timestamp.type=LogAppendTime');
    expect(lines).toContain('auto.create.topics.enable=false');
    expect(lines).toContain('listeners=BROKER://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093');
  });

  it('escapes what a properties file would read as an escape', () => {
    expect(kafkaProperties({ port: 1, controllerPort: 2, logDir: 'C:\\data' })).toContain('log.dirs=C:\\\\data\n');
  });
});
