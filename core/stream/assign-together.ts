import { createRequire } from 'node:module';
import type { Assigner, PartitionAssigner } from 'kafkajs';

const { AssignerProtocol }: typeof import('kafkajs') = createRequire(import.meta.url)('kafkajs');
const VERSION = 1;
const NAME = 'millrace-together';

/**
 * Gives partition n of every topic to one member of a group, so that records which have a key in common, in whatever topics, come to
 * the same process. Members are taken in the order of their ids.
 */
export const assignTogether: PartitionAssigner = ({ cluster }): Assigner => ({
  name: NAME,
  version: VERSION,
  async assign({ members, topics }) {
    const ids = members.map(({ memberId }) => memberId).sort();
    return ids.map((memberId, index) => {
      const assignment = Object.fromEntries(
        topics.map((topic) => [
          topic,
          cluster
            .findTopicPartitionMetadata(topic)
            .map(({ partitionId }) => partitionId)
            .filter((partition) => partition % ids.length === index)
            .sort((a, b) => a - b),
        ]),
      );
      const encoded = AssignerProtocol.MemberAssignment.encode({
        ...{ version: VERSION, assignment, userData: Buffer.alloc(0) },
      });
      return { memberId, memberAssignment: encoded };
    });
  },
  protocol: ({ topics }) => ({
    name: NAME,
    metadata: AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.alloc(0) }),
  }),
});
