import { customType } from 'drizzle-orm/pg-core';

/** BIGINT as decimal text: a JavaScript number is exact only up to 2^53. */
export const bigInteger = customType<{ data: string; driverData: string }>({ dataType: () => 'bigint' });

/** TIMESTAMP WITH TIME ZONE as text: a Date loses the microseconds that real data differs by. */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp with time zone',
});
