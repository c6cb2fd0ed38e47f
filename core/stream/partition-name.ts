/** A partition as a key of maps, such as `running:2`. */
export const partitionName = (topic: string, partition: number): string => `${topic}:${partition}`;
