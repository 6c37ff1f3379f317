import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { teamDetails } from '../../shared/contract/teams';
import { AppError } from '../../shared/errors';
import { readUntold } from '../changes/outbox';
import { readRemoteRecords } from '../litellm/read-remote-records';
import { jsonColumn, jsonWithoutSecrets, textColumn, textWithoutSecrets } from '../postgres/long-text';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { allowedModelIds, teamRows } from './team-rows';
import { say } from '../kernel/say';

const modelLimit = 200;

/** One team whole; its members are a list of their own. Throws `not_found`. */
export const getTeam: Handler<Contract['teams']['get']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const [row] = await teamRows(connection, [id]);
    const [details] = await connection.select(
      teamDetails,
      sql`
        SELECT
          CASE WHEN u.id IS NOT NULL THEN jsonb_build_object('id', u.id, 'label', u.username) END AS "createdBy",
          t.last_sync_at AS "lastSyncAt",
          t.updated_at AS "updatedAt", ${textColumn(sql`t.description`)} AS description,
          ${jsonColumn(sql`t.metadata`)} AS metadata, allowed.models AS "allowedModels"
        FROM ${from('teams', 't')} LEFT JOIN ${from('users', 'u')} ON u.id = t.created_by
        CROSS JOIN LATERAL (
          SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', named.id, 'label', coalesce(m.name, named.id), 'isKnown', m.id IS NOT NULL
          ) ORDER BY named.position), '[]') AS models
          FROM (
            SELECT listed.id, listed.position
            FROM jsonb_array_elements_text(${allowedModelIds}) WITH ORDINALITY AS listed (id, position)
            LIMIT ${modelLimit}
          ) AS named
          LEFT JOIN ${from('models', 'm')} ON m.id = named.id
        ) AS allowed
        WHERE t.id = ${id}`,
    );
    if (!row || !details) {
      throw new AppError('not_found', say('records.gone.team'), {
        hint: say('records.goneHint.team'),
      });
    }
    const { description, metadata } = details;
    const shown = description === null ? null : textWithoutSecrets(description);
    return {
      ...row,
      ...details,
      description: shown === null ? null : { ...shown, isMasked: shown.text !== description?.text },
      metadata: jsonWithoutSecrets(metadata),
      litellm: await readRemoteRecords(connection, 'team', id),
      untoldNews: await readUntold(connection, 'team', id),
    };
  });
