import { createHash } from 'node:crypto';
import type { Row, SchemaFingerprint } from './gabungan-port.js';

/**
 * What makes two schemas the same, as rows: columns, keys, foreign keys, views without their definer. Positions of
 * columns and names of foreign keys are left out: they depend on the road, not on the destination.
 */
export const SCHEMA_SQL = [
  `SELECT 'column' AS kind, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLLATION_NAME
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()`,
  `SELECT 'key' AS kind, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, SUB_PART, INDEX_TYPE
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()`,
  `SELECT 'reference' AS kind, k.TABLE_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME,
          r.UPDATE_RULE, r.DELETE_RULE
     FROM information_schema.KEY_COLUMN_USAGE k
     JOIN information_schema.REFERENTIAL_CONSTRAINTS r
       ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
    WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL`,
  `SELECT 'table' AS kind, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()`,
  `SELECT 'view' AS kind, TABLE_NAME, VIEW_DEFINITION, SECURITY_TYPE
     FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()`,
];

/** Equal for equal schemas whatever the server, the name of the database and the order of the rows. */
export function fingerprintOf(rows: Row[], database: string): SchemaFingerprint {
  const lines = rows.map((row) => JSON.stringify(Object.values(row)).replaceAll(`\`${database}\`.`, '')).sort();
  const ofType = (type: string) => rows.filter((row) => row.kind === 'table' && row.TABLE_TYPE === type).length;
  return {
    sha256: createHash('sha256').update(lines.join('\n')).digest('hex'),
    tables: ofType('BASE TABLE'),
    views: ofType('VIEW'),
  };
}
