import { describe, expect, it } from 'vitest';
import { createMetrics } from './create-metrics.ts';

describe('createMetrics', () => {
  it('labels everything with the service', async () => {
    const metrics = createMetrics('storage');
    metrics
      .counter({ type: 'counter', name: 'records_stored_total', help: 'Rows.', labels: ['stream'] })
      .inc({ stream: 'running' }, 3);
    metrics.histogram({ type: 'histogram', name: 'batch_seconds', help: 'Time.', buckets: [1, 2] }).observe(1.5);

    const text = await metrics.registry.metrics();

    expect(text).toContain('records_stored_total{stream="running",service="storage"} 3');
    expect(text).toContain('batch_seconds_bucket{le="2",service="storage"} 1');
    expect(text).toMatch(/process_resident_memory_bytes\{service="storage"\} \d+/);
  });

  it('asks a gauge for its value when scraped', async () => {
    const metrics = createMetrics('storage');
    let lag = 5;
    metrics.gauge({ type: 'gauge', name: 'lag', help: 'Records waiting.' }, () => lag);
    lag = 7;

    expect(await metrics.registry.metrics()).toContain('lag{service="storage"} 7');
  });

  it('keeps two of them apart, in one process', async () => {
    const [first, second] = [createMetrics('one'), createMetrics('two')];
    first.counter({ type: 'counter', name: 'things_total', help: 'Things.' }).inc();

    expect(await second.registry.metrics()).not.toContain('things_total');
  });

  it('counts methods that nobody defined as one, as anyone can make them up', async () => {
    const metrics = createMetrics('storage');
    metrics.observeRequest({ method: 'PURGE', route: 'none', status: 404, seconds: 0.1 });

    const text = await metrics.registry.metrics();

    expect(text).toContain(
      'millrace_http_request_duration_seconds_count{service="storage",method="other",route="none",status="404"} 1',
    );
  });
});
