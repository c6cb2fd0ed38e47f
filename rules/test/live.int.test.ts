import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { account, makeRule, newId, onceEach, openRulesBed, type RulesBed, run, untilCount } from './rules-bed.ts';

let bed: RulesBed;
let service: RunningService;

beforeAll(async () => {
  bed = await openRulesBed(inject('stack'));
  service = await bed.startRules();
});
afterAll(() => bed?.close());

describe('rules', () => {
  it('win by a condition on the event and the account, under an id that follows from the cause', async () => {
    const [known, unknown] = [newId(), newId()];
    await bed.publish('rewards/accounts', [account(known, { attributes: { tier: 'gold' } })]);
    const ruleId = await makeRule(service.url, {
      name: 'long and golden',
      kind: 'win',
      streams: [bed.name('fitness/running')],
      when: 'event.distance > 10000 && account != null && account.attributes["tier"] == "gold"',
    });

    const runs = [run(known, 12_000), run(known, 8_000), run(unknown, 15_000)];
    await bed.publish('fitness/running', runs);
    const [won] = await untilCount(bed, 'rewards/won-events', 1);

    expect(won).toMatchObject({
      ...{ account_id: known, rule_id: ruleId, rule_version: 1, cause: runs[0]?.event_id, depth: 0 },
      values: { 'event.distance': 12_000, 'account.attributes.tier': 'gold' },
    });
    expect(await onceEach(bed, 'rewards/won-events')).toHaveLength(1);
    await ask(`${service.url}/v1/rules/${ruleId}`, 'DELETE');
  });

  it('counts windows over what was there before the rule was made', async () => {
    const user = newId();
    const stream = bed.name('fitness/running');
    await bed.publish('fitness/running', [run(user, 4_000), run(user, 5_000)]);

    const ruleId = await makeRule(service.url, {
      ...{ name: '10 km in a day', kind: 'anomaly', streams: [stream], when: 'windows.km >= 10000' },
      windows: { km: { over: '1d', kind: 'sliding', measure: 'sum(distance)' } },
    });
    await bed.publish('fitness/running', [run(user, 2_500)]);
    const [found] = await untilCount(bed, 'rewards/anomalies', 1);

    expect(found).toMatchObject({ rule_id: ruleId, account_id: user, values: { 'windows.km': 11_500 } });
  });

  it('follow won events in a chain, and say so by their depth', async () => {
    const user = newId();
    await makeRule(service.url, {
      ...{ name: 'first', kind: 'win', streams: [bed.name('fitness/running')], when: 'event.distance == 777' },
    });
    const second = await makeRule(service.url, {
      ...{ name: 'second', kind: 'win', streams: [bed.name('rewards/won-events')], when: 'event.depth == 0' },
    });
    await bed.publish('fitness/running', [run(user, 777)]);

    const won = await untilCount(bed, 'rewards/won-events', 3);

    const own = won.filter((each) => each.account_id === user);
    expect(own.map(({ depth }) => depth).sort()).toEqual([0, 1]);
    expect(own.find(({ depth }) => depth === 1)).toMatchObject({ rule_id: second });
  });
});
