/** Where deliveries are. */
export const PATH = '/v1/deliveries';
