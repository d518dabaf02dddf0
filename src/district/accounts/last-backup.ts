import type { DistrictWarning } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { BACKUP_OLD_MS } from '../limits.ts';

/** Tells that a district which is at work was not saved for long, by what `menwei district backup` writes into the audit log. */
export async function backupWarnings(database: Database, now: number): Promise<readonly DistrictWarning[]> {
  const [saved, begun] = await Promise.all([
    database
      .selectFrom('audit')
      .select('at')
      .where('action', '=', 'backup')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
    database.selectFrom('gate').select('enrolled_at').orderBy('enrolled_at').limit(1).executeTakeFirst(),
  ]);
  const since = saved?.at ?? begun?.enrolled_at;
  if (since === undefined || now - since <= BACKUP_OLD_MS) return [];
  const [zh, en] =
    saved === undefined
      ? ['区中心还没有备份过。', 'The district was never saved.']
      : ['区中心超过一周没有备份。', 'The district was not saved for more than a week.'];
  return [
    {
      name: 'backup',
      zh: `${zh}请运行 menwei district backup，把文件放到别的地方。`,
      en: `${en} Please run \`menwei district backup\`, and keep the file elsewhere.`,
    },
  ];
}
