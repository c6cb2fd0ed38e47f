export const packages: readonly string[];
export const services: readonly string[];
